"""From tallies to indicators: what a team's customers said in a month and in a quarter.

The cases of the team's subtree are pooled. Ratings are measured of other subjects and periods too, where the
settings of satisfaction ask for them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import structlog
from django.db.models import Sum
from django.db.models.functions import TruncMonth

from feedback_site.customers.enums import Purpose
from feedback_site.evaluations.enums import MeasurementSource, PeriodKind, SubjectKind, Unit
from feedback_site.evaluations.models import Indicator
from feedback_site.evaluations.rules import Period, Subject, period_end, periods_of
from feedback_site.evaluations.selectors.indicators import kinds_to_measure
from feedback_site.evaluations.services import Figure, restate_measurements
from feedback_site.statistics.proportions import estimate_share
from feedback_site.statistics.ratings import mean_rating
from surveys.enums import TallyMeasure
from surveys.models import IndicatorTally, ResponseTally
from surveys.selectors.survey_rules import team_tree
from surveys.services.tallies.rated_subjects import Rated, counts_of_subjects

logger = structlog.get_logger(__name__)

SATISFACTION_INDICATOR = "customer_satisfaction"
_RATINGS = range(1, 6)
_SATISFIED_FROM = 4
TeamMonth = tuple[int, date]
_Wanted = dict[Period, dict[Indicator, set[int]]]
_Pooled = defaultdict[tuple[int, int, Period], Counter[int]]  # indicator, team, period -> answers by value


def measure_answers(
    *, rated: Collection[Rated], fed: Mapping[Indicator, Collection[TeamMonth]], at: datetime
) -> int:
    """Measure the touched teams and all teams above them in those months and their quarters.

    Their records are refreshed.

    `rated` are touched by ratings of a service, `fed` by answers to questions
    that feed other indicators. Return how many figures changed.
    """
    touched = {indicator: set(team_months) for indicator, team_months in fed.items()}
    if rated:
        satisfaction = Indicator.objects.filter(slug=SATISFACTION_INDICATOR).first()
        if satisfaction is None:
            logger.warning("indicator_missing", indicator=SATISFACTION_INDICATOR)
        else:
            touched[satisfaction] = {(one.team_id, one.day.replace(day=1)) for one in rated}
    if not touched:
        return 0
    parents = team_tree()
    lines = {team_id: parents.line_of(team_id) for team_id in parents.parents}
    wanted = _wanted(touched, lines)
    pooled = _pooled(wanted, lines)
    figures = [
        _figure(indicator, Subject.team(team), period, pooled[indicator.pk, team, period])
        for period, indicators in wanted.items()
        for indicator, teams in indicators.items()
        for team in teams
    ]
    figures += [
        _figure(indicator, subject, period, counts)
        for indicator in touched
        if indicator.slug == SATISFACTION_INDICATOR
        for subject, period, counts in counts_of_subjects(
            rated=rated, kinds=_more_kinds(indicator), lines=lines
        )
    ]
    return restate_measurements(figures=figures, at=at).figures


def _more_kinds(indicator: Indicator) -> dict[str, set[str]]:
    """Return the kinds of periods to measure by kind of subject, without what is measured of every team."""
    kinds = kinds_to_measure([indicator])
    kinds[SubjectKind.TEAM] = kinds[SubjectKind.TEAM] - {PeriodKind.MONTH, PeriodKind.QUARTER}
    return kinds


def _wanted(touched: Mapping[Indicator, Collection[TeamMonth]], lines: Mapping[int, list[int]]) -> _Wanted:
    wanted: _Wanted = {}
    for indicator, team_months in touched.items():
        for team_id, month in team_months:
            for period in periods_of(month):
                wanted.setdefault(period, {}).setdefault(indicator, set()).update(lines[team_id])
    return wanted


def _pooled(wanted: _Wanted, lines: Mapping[int, list[int]]) -> _Pooled:
    """Return the counts by indicator, team and period, each team with the teams below it.

    A query for ratings, and one for the others.
    """
    pooled: _Pooled = defaultdict(Counter)
    for indicator_id, team_id, month, value, total in _rows(wanted):
        for period in periods_of(month):
            for team in lines[team_id]:
                pooled[indicator_id, team, period][value] += total
    return pooled


def _rows(wanted: _Wanted) -> Iterator[tuple[int, int, date, int, int]]:
    """Yield (indicator, team, month, value, count) of all teams from the first wanted day to the last."""
    days = {
        "day__gte": min(start for _kind, start in wanted),
        "day__lt": max(period_end(kind, start) for kind, start in wanted),
    }
    indicators = {indicator for indicators in wanted.values() for indicator in indicators}
    for indicator in indicators:
        if indicator.slug == SATISFACTION_INDICATOR:
            ratings = ResponseTally.objects.filter(
                purpose=Purpose.SURVEY, measure=TallyMeasure.SATISFACTION, **days
            )
            by_month = (
                ratings.annotate(month=TruncMonth("day"))
                .values_list("team_id", "month", "value")
                .annotate(total=Sum("count"))
            )
            yield from ((indicator.pk, *row) for row in by_month)
    others = [indicator for indicator in indicators if indicator.slug != SATISFACTION_INDICATOR]
    if others:
        answers = IndicatorTally.objects.filter(indicator__in=others, **days).annotate(
            month=TruncMonth("day")
        )
        yield from answers.values_list("indicator_id", "team_id", "month", "value").annotate(
            total=Sum("count")
        )


def _figure(indicator: Indicator, subject: Subject, period: Period, counts: Mapping[int, int]) -> Figure:
    facts = {
        "indicator": indicator,
        "subject": subject,
        "period_kind": period.kind,
        "period_start": period.start,
        "source": MeasurementSource.SURVEY.value,
    }
    return _share(counts, facts) if indicator.unit == Unit.PERCENT else _mean(counts, facts)


def _mean(by_value: Mapping[int, int], facts: Mapping[str, Any]) -> Figure:
    counts = [by_value.get(value, 0) for value in _RATINGS]
    rating = mean_rating(counts)
    satisfied = sum(counts[_SATISFIED_FROM - 1 :]) / rating.n if rating.n else None
    return Figure(
        **facts,
        value=rating.mean,
        n=rating.n,
        low=rating.interval.low if rating.interval else None,
        high=rating.interval.high if rating.interval else None,
        evidence={"counts": counts, "satisfied_share": None if satisfied is None else round(satisfied, 4)},
    )


def _share(by_value: Mapping[int, int], facts: Mapping[str, Any]) -> Figure:
    hits, misses = by_value.get(1, 0), by_value.get(0, 0)
    estimate = estimate_share(hits, hits + misses)
    interval = estimate.interval.scaled(100) if estimate.interval else None
    return Figure(
        **facts,
        value=None if estimate.share is None else estimate.share * 100,
        n=hits + misses,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        evidence={"fulfilled": hits, "not_fulfilled": misses},
    )
