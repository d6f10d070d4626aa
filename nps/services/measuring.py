"""From answers to the indicator: the score of a team in a quarter, the answers of its subtree pooled."""

from collections import defaultdict
from datetime import date, datetime

import structlog
from django.db import transaction
from django.db.models import Count

from feedback_site.common.locks import Lock, wait_for
from feedback_site.evaluations.enums import MeasurementSource, PeriodKind
from feedback_site.evaluations.models import Indicator
from feedback_site.evaluations.rules import Subject
from feedback_site.evaluations.services import Figure, Measured, restate_measurements
from feedback_site.statistics.net_promoter import net_promoter_score
from nps.enums import LAUNCHED
from nps.models import Campaign, CampaignMember
from nps.rules import SCORES
from surveys.selectors.survey_rules import team_tree

logger = structlog.get_logger(__name__)

NPS_INDICATOR = "net_promoter_score"


@transaction.atomic
def measure_net_promoter_score(*, quarter_start: date, at: datetime) -> int:
    """Measure the score of every team in this quarter; return how many figures changed.

    These are the teams whose customers answered a campaign of the quarter, and the teams above.

    The credited team is that of the customer's last service.
    Recomputable: only what differs from what is stated is written.
    """
    indicator = Indicator.objects.filter(slug=NPS_INDICATOR).first()
    if indicator is None:
        logger.warning("indicator_missing", indicator=NPS_INDICATOR)
        return 0
    _wait_for_others()
    campaigns = Campaign.objects.filter(quarter_start=quarter_start, status__in=LAUNCHED).order_by("pk")
    ids = [str(pk) for pk in campaigns.values_list("pk", flat=True)]
    figures = [
        _figure(indicator, Subject.team(team_id), quarter_start, counts, ids)
        for team_id, counts in _pooled_counts(quarter_start).items()
    ]
    # A team that was moved leaves its former parents: they are stated again, with what is left.
    nothing = _figure(indicator, Subject.whole(), quarter_start, [0] * SCORES, ids).evidence
    measured = Measured(
        indicators=[indicator],
        period_kinds=[PeriodKind.QUARTER],
        first=quarter_start,
        last=quarter_start,
        evidence_of_none=nothing,
    )
    return restate_measurements(figures=figures, measured=measured, at=at).figures


def _wait_for_others() -> None:
    """Measure one after the other: the one who writes last has counted last."""
    wait_for(Lock.NPS_FIGURES)


def _pooled_counts(quarter_start: date) -> defaultdict[int, list[int]]:
    """Return the counts of answers 0..10 by team, each team with the teams below it. Two queries."""
    answered = CampaignMember.objects.filter(
        campaign__quarter_start=quarter_start,
        campaign__status__in=LAUNCHED,
        invitation__response__nps__isnull=False,
    )
    rows = (
        answered.values_list("invitation__credited_team_id", "invitation__response__nps")
        .annotate(total=Count("pk"))
        .order_by()
    )
    teams = team_tree()
    pooled: defaultdict[int, list[int]] = defaultdict(lambda: [0] * SCORES)
    for team_id, score, total in rows:
        for team in teams.line_of(team_id):
            pooled[team][score] += total
    return pooled


def _figure(
    indicator: Indicator, subject: Subject, quarter_start: date, counts: list[int], campaigns: list[str]
) -> Figure:
    score = net_promoter_score(counts)
    low = high = None
    if score.nps is not None and score.adjusted is not None:
        # The adjusted interval may end short of a score at the very
        # edge of the scale; a stated interval holds its value.
        low, high = min(score.adjusted.low, score.nps), max(score.adjusted.high, score.nps)
    return Figure(
        indicator=indicator,
        subject=subject,
        period_kind=PeriodKind.QUARTER.value,
        period_start=quarter_start,
        value=score.nps,
        n=score.n,
        source=MeasurementSource.SURVEY.value,
        low=low,
        high=high,
        evidence={
            "campaigns": campaigns,
            "counts": counts,
            "promoters": score.promoters,
            "passives": score.passives,
            "detractors": score.detractors,
        },
    )
