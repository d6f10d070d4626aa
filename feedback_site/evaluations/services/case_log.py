"""First response time and resolution rate of the subjects and periods asked for, from service events."""

import math
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction

from feedback_site.common.locks import Lock, is_alone
from feedback_site.evaluations.enums import MeasurementSource, PeriodKind
from feedback_site.evaluations.models import Indicator
from feedback_site.evaluations.rules import period_start
from feedback_site.evaluations.rules.after_sales import FROM_CASE_LOG
from feedback_site.evaluations.selectors.case_log import CaseCounts, case_counts, earliest_recent_completion
from feedback_site.evaluations.selectors.indicators import kinds_to_measure
from feedback_site.evaluations.services.measurements import Figure
from feedback_site.evaluations.services.pooling import pooled_quarters
from feedback_site.evaluations.services.restating import Measured, restate_measurements
from feedback_site.statistics.distributions import critical_t
from feedback_site.statistics.intervals import Interval
from feedback_site.statistics.proportions import wilson_interval

_CONFIDENCE = 0.95
_HOUR, _WHOLE = Decimal(3600), 100
_ZONES = timedelta(hours=14)  # no zone is further from UTC
_LOOKBACK = timedelta(hours=1)  # many ticks long, so that a missed tick loses nothing


@transaction.atomic
def measure_case_log(*, at: datetime, everything: bool = False) -> int:
    """Measure the periods that hold a day of the current or the previous month.

    Measures also older periods whose events changed within the hour. Teams are measured by month and
    quarter; other subjects and periods where the indicator's settings ask for them, and what they ask for
    no more has no cases.

    Return the records that changed. `everything` measures all periods. What staff entered by month is
    pooled into its quarter as well. Unchanged figures are not written. 0 while another run is at work.
    """
    # Two at once would overwrite each other's figures in any order.
    if not is_alone(Lock.CASE_LOG):
        return 0
    indicators = {indicator.slug: indicator for indicator in Indicator.objects.filter(slug__in=FROM_CASE_LOG)}
    asked = kinds_to_measure(indicators.values())
    first = None if everything else _first_day(at, set[str]().union(*asked.values()))
    since = None if first is None else datetime.combine(first, time(), UTC) - _ZONES
    measured = [
        figure
        for subject_kind, period_kinds in asked.items()
        for counts in case_counts(
            subject_kind=subject_kind, period_kinds=period_kinds, first=first, since=since
        )
        for figure in _figures(counts, indicators)
    ]
    restated = restate_measurements(
        figures=[*measured, *pooled_quarters(first_month=first)],
        measured=Measured(
            indicators=indicators.values(),
            period_kinds=PeriodKind.values,
            sources=[MeasurementSource.CASE_LOG],
            first=first,
        ),
        at=at,
    )
    return restated.records


def _first_day(at: datetime, period_kinds: Collection[str]) -> date:
    """Return the first day of the periods of these kinds in which something may have changed."""
    previous = ((at - _ZONES).astimezone(UTC).replace(day=1) - timedelta(days=1)).date()
    earliest = earliest_recent_completion(changed_since=at - _LOOKBACK)
    reached = previous if earliest is None else min(previous, (earliest - _ZONES).astimezone(UTC).date())
    return min((period_start(kind, reached) for kind in period_kinds), default=reached)


def _figures(counts: CaseCounts, indicators: dict[str, Indicator]) -> Iterator[Figure]:
    made = {
        "first_response_time": (_response_time, {"completed": counts.completed}),
        "resolution_rate": (_resolution_rate, {"resolved": counts.resolved, "reopened": counts.reopened}),
    }
    for slug, indicator in indicators.items():
        measure, evidence = made[slug]
        value, n, interval = measure(counts)
        is_asked = (counts.subject.subject_kind, counts.period.kind) in indicator.measured_kinds
        if n and is_asked:
            yield Figure(
                indicator=indicator,
                subject=counts.subject,
                period_kind=counts.period.kind,
                period_start=counts.period.start,
                value=value,
                n=n,
                low=interval.low if interval else None,
                high=interval.high if interval else None,
                source=MeasurementSource.CASE_LOG,
                evidence=evidence,
            )


def _response_time(counts: CaseCounts) -> tuple[float, int, Interval | None]:
    """Return mean hours, cases and Student's t interval."""
    n = counts.responded
    if n == 0:
        return 0.0, 0, None
    mean = float(counts.seconds / n / _HOUR)
    if n == 1:
        return mean, n, None
    variance = (n * counts.squares - counts.seconds**2) / (n * (n - 1)) / _HOUR**2
    margin = critical_t(_CONFIDENCE, n - 1) * math.sqrt(max(variance, Decimal(0)) / n)
    return mean, n, Interval(max(mean - margin, 0.0), mean + margin)


def _resolution_rate(counts: CaseCounts) -> tuple[float, int, Interval | None]:
    """Return the share of cases resolved at first and never reopened, in percent.

    Returned with the number of cases and Wilson's interval.
    """
    n = counts.known
    if n == 0:
        return 0.0, 0, None
    return counts.resolved / n * _WHOLE, n, wilson_interval(counts.resolved, n, _CONFIDENCE).scaled(_WHOLE)
