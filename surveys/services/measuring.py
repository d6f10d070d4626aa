"""From tallies to the indicator: the satisfaction of a team in a month, the cases of its subtree pooled."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

import structlog
from django.db.models import Sum
from django.db.models.functions import TruncMonth

from feedback_site.customers.enums import Purpose
from feedback_site.evaluations.enums import MeasurementSource, PeriodKind
from feedback_site.evaluations.models import Indicator
from feedback_site.evaluations.services import Figure, record_measurements, refresh_records
from feedback_site.statistics.ratings import mean_rating
from surveys.enums import TallyMeasure
from surveys.models import ResponseTally
from surveys.selectors.survey_rules import team_tree

logger = structlog.get_logger(__name__)

SATISFACTION_INDICATOR = "customer_satisfaction"
POINTS = 5
_SATISFIED_FROM = 4
TeamMonth = tuple[int, date]


def measure_satisfaction(*, touched: Collection[TeamMonth], at: datetime) -> int:
    """Measure the touched teams and all teams above them in those months, and refresh their records; return how many were measured."""
    if not touched:
        return 0
    indicator = Indicator.objects.filter(slug=SATISFACTION_INDICATOR).first()
    if indicator is None:
        logger.warning("indicator_missing", indicator=SATISFACTION_INDICATOR)
        return 0
    parents = team_tree()
    lines = {team_id: parents.line_of(team_id) for team_id in parents.parents}
    wanted = {(team, month) for team_id, month in touched for team in lines[team_id]}
    pooled = _pooled_counts({month for _team, month in wanted}, lines)
    figures = [_figure(indicator, team_id, month, pooled[team_id, month]) for team_id, month in sorted(wanted)]
    record_measurements(figures=figures, at=at)
    for month in sorted({month for _team, month in wanted}):
        refresh_records(team_ids=[team for team, of_month in wanted if of_month == month], month=month, at=at)
    return len(figures)


def _pooled_counts(months: Iterable[date], lines: dict[int, list[int]]) -> defaultdict[TeamMonth, list[int]]:
    """Return the counts of ratings 1..5 by team and month, each team with the teams below it. One query."""
    first, last = min(months), max(months)
    rows = (
        ResponseTally.objects.filter(purpose=Purpose.SURVEY, measure=TallyMeasure.SATISFACTION, day__gte=first, day__lt=_next_month(last))
        .annotate(month=TruncMonth("day"))
        .values_list("team_id", "month", "value")
        .annotate(total=Sum("count"))
    )
    pooled: defaultdict[TeamMonth, list[int]] = defaultdict(lambda: [0] * POINTS)
    for team_id, month, value, total in rows:
        for team in lines[team_id]:
            pooled[team, month][value - 1] += total
    return pooled


def _figure(indicator: Indicator, team_id: int, month: date, counts: list[int]) -> Figure:
    rating = mean_rating(counts)
    satisfied = sum(counts[_SATISFIED_FROM - 1 :]) / rating.n if rating.n else None
    return Figure(
        indicator=indicator,
        team_id=team_id,
        period_kind=PeriodKind.MONTH.value,
        period_start=month,
        value=rating.mean,
        n=rating.n,
        source=MeasurementSource.SURVEY.value,
        low=rating.interval.low if rating.interval else None,
        high=rating.interval.high if rating.interval else None,
        evidence={"counts": counts, "satisfied_share": None if satisfied is None else round(satisfied, 4)},
    )


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
