"""Net promoter scores as they may be shown.

Of a campaign in one line of a list, and of answers after a service.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from feedback_site.accounts.models import Principal
from feedback_site.customers.enums import Purpose
from feedback_site.evaluations.rules import Visibility, visibility_of
from feedback_site.statistics.net_promoter import net_promoter_score
from nps.enums import IN_FIELD, CampaignStatus
from nps.models import Campaign, CampaignMember
from nps.rules import SCORES
from surveys.enums import TallyMeasure
from surveys.models import ResponseTally, Survey

_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class ScoreFigures:
    """All figures of answers 0..10, `counts` of each. Nothing is hidden in them: never show them.

    They are frozen under these names when a campaign is closed.
    """

    counts: Sequence[int]
    n: int
    promoters: int
    passives: int
    detractors: int
    nps: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of the answers in percent."""

    promoters: float
    passives: float
    detractors: float


@dataclass(frozen=True, slots=True)
class ShownScore:
    """A score in points with its adjusted Wald interval and the shares in percent.

    What too few answers forbid to show is None.
    """

    visibility: Visibility
    n: int | None
    promoters: int | None
    passives: int | None
    detractors: int | None
    nps: float | None
    low: float | None
    high: float | None
    shares: Shares | None


@dataclass(frozen=True, slots=True)
class CampaignStanding:
    """A campaign in one line: completes of the target, and the score so far or as it was frozen."""

    answered: int
    target: int
    percent: float
    score: ShownScore


def figures_of(counts: Sequence[int]) -> ScoreFigures:
    """Return all figures of the answers 0..10 whose counts are given."""
    score = net_promoter_score(counts)
    interval = score.adjusted
    return ScoreFigures(
        counts=list(counts),
        n=score.n,
        promoters=score.promoters,
        passives=score.passives,
        detractors=score.detractors,
        nps=score.nps,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
    )


def read_figures(frozen: Mapping[str, Any]) -> ScoreFigures:
    """Return the figures that were frozen of a campaign, or of one of its strata."""
    return ScoreFigures(**{one.name: frozen[one.name] for one in fields(ScoreFigures)})


def shown_score(figures: ScoreFigures) -> ShownScore:
    """Return what may be shown of figures."""
    visibility = visibility_of(figures.n)
    if visibility not in {Visibility.GREYED, Visibility.FULL}:
        n = None if visibility is Visibility.NOTHING else figures.n
        return ShownScore(visibility, n, None, None, None, None, None, None, None)
    groups = (figures.promoters, figures.passives, figures.detractors)
    shares = Shares(*(_HUNDRED * count / figures.n for count in groups))
    return ShownScore(visibility, figures.n, *groups, figures.nps, figures.low, figures.high, shares)


def score_of(counts: list[int]) -> ShownScore:
    """Return what may be shown of the answers 0..10 whose counts are given."""
    return shown_score(figures_of(counts))


def standings_of(campaigns: Iterable[Campaign]) -> dict[UUID, CampaignStanding]:
    """Return where the launched among `campaigns` stand, by id. One query, however many there are."""
    launched = [campaign for campaign in campaigns if campaign.launched_at is not None]
    counts = _live_counts([campaign.pk for campaign in launched if campaign.status in IN_FIELD])
    return {campaign.pk: _standing(campaign, counts) for campaign in launched}


def survey_score(
    *,
    survey: Survey,
    principal: Principal,
    from_on: date | None = None,
    to_on: date | None = None,
    team_id: int | None = None,
    **cells: int,
) -> ShownScore:
    """Return the score of answers about services that `survey`, or an import for it, asked.

    Both days are included; takes one query.

    `cells` narrow by `channel_id`, `kind_id`, `segment_id`; a team counts with those below it.
    """
    rows = ResponseTally.objects.for_user(principal).filter(
        purpose=Purpose.SURVEY, measure=TallyMeasure.NPS, survey=survey, **cells
    )
    if team_id is not None:
        rows = rows.within(team_id)
    if from_on is not None:
        rows = rows.filter(day__gte=from_on)
    if to_on is not None:
        rows = rows.filter(day__lte=to_on)
    counts = [0] * SCORES
    for value, total in rows.values_list("value").annotate(total=Sum("count")).order_by():
        counts[value] = total
    return score_of(counts)


def _standing(campaign: Campaign, counts: Mapping[UUID, list[int]]) -> CampaignStanding:
    frozen = campaign.result if campaign.status == CampaignStatus.CLOSED else None
    of_campaign = counts.get(campaign.pk, [0] * SCORES)
    figures = read_figures(frozen) if frozen else figures_of(of_campaign)
    return CampaignStanding(
        answered=figures.n,
        target=campaign.target_completes,
        percent=min(float(_HUNDRED), _HUNDRED * figures.n / campaign.target_completes),
        score=shown_score(figures),
    )


def _live_counts(ids: list[UUID]) -> Mapping[UUID, list[int]]:
    answered = CampaignMember.objects.filter(campaign_id__in=ids, invitation__response__nps__isnull=False)
    counts: defaultdict[UUID, list[int]] = defaultdict(lambda: [0] * SCORES)
    for campaign_id, value, total in (
        answered.values_list("campaign_id", "invitation__response__nps")
        .annotate(total=Count("pk"))
        .order_by()
    ):
        if value is not None:
            counts[campaign_id][value] = total
    return counts
