"""From tallies to the indicator: the satisfaction of a team in a month and in a quarter, the cases of its subtree pooled."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

import structlog
from django.db.models import Sum
from django.db.models.functions import TruncMonth

from feedback_site.customers.enums import Purpose
from feedback_site.evaluations.enums import MeasurementSource
from feedback_site.evaluations.models import Indicator
from feedback_site.evaluations.rules import Period, period_end, periods_of
from feedback_site.evaluations.services import Figure, record_measurements, refresh_periods
from feedback_site.statistics.ratings import mean_rating
from surveys.enums import TallyMeasure
from surveys.models import ResponseTally
from surveys.selectors.survey_rules import team_tree

logger = structlog.get_logger(__name__)

SATISFACTION_INDICATOR = "customer_satisfaction"
POINTS = 5
_SATISFIED_FROM = 4
TeamMonth = tuple[int, date]
TeamPeriod = tuple[int, Period]


def measure_satisfaction(*, touched: Collection[TeamMonth], at: datetime) -> int:
    """Measure the touched teams and all teams above them in those months and their quarters, and refresh their records.

    Return how many figures were measured.
    """
    if not touched:
        return 0
    indicator = Indicator.objects.filter(slug=SATISFACTION_INDICATOR).first()
    if indicator is None:
        logger.warning("indicator_missing", indicator=SATISFACTION_INDICATOR)
        return 0
    parents = team_tree()
    lines = {team_id: parents.line_of(team_id) for team_id in parents.parents}
    wanted: dict[Period, set[int]] = {}
    for team_id, month in touched:
        for period in periods_of(month):
            wanted.setdefault(period, set()).update(lines[team_id])
    pooled = _pooled_counts(wanted, lines)
    figures = [_figure(indicator, team, period, pooled[team, period]) for period, teams in sorted(wanted.items()) for team in sorted(teams)]
    record_measurements(figures=figures, at=at)
    refresh_periods(teams=wanted, at=at)
    return len(figures)


def _pooled_counts(periods: Iterable[Period], lines: dict[int, list[int]]) -> defaultdict[TeamPeriod, list[int]]:
    """Return the counts of ratings 1..5 by team and period, each team with the teams below it. One query."""
    first, end = min(start for _kind, start in periods), max(period_end(kind, start) for kind, start in periods)
    rows = (
        ResponseTally.objects.filter(purpose=Purpose.SURVEY, measure=TallyMeasure.SATISFACTION, day__gte=first, day__lt=end)
        .annotate(month=TruncMonth("day"))
        .values_list("team_id", "month", "value")
        .annotate(total=Sum("count"))
    )
    pooled: defaultdict[TeamPeriod, list[int]] = defaultdict(lambda: [0] * POINTS)
    for team_id, month, value, total in rows:
        for period in periods_of(month):
            for team in lines[team_id]:
                pooled[team, period][value - 1] += total
    return pooled


def _figure(indicator: Indicator, team_id: int, period: Period, counts: list[int]) -> Figure:
    rating = mean_rating(counts)
    satisfied = sum(counts[_SATISFIED_FROM - 1 :]) / rating.n if rating.n else None
    return Figure(
        indicator=indicator,
        team_id=team_id,
        period_kind=period.kind,
        period_start=period.start,
        value=rating.mean,
        n=rating.n,
        source=MeasurementSource.SURVEY.value,
        low=rating.interval.low if rating.interval else None,
        high=rating.interval.high if rating.interval else None,
        evidence={"counts": counts, "satisfied_share": None if satisfied is None else round(satisfied, 4)},
    )
