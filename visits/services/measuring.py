"""Verified resolution rate: of the cases that return visits concluded, the share whose repair holds."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

import structlog
from django.db import transaction

from feedback_site.common.locks import Lock, is_alone
from feedback_site.evaluations.enums import MeasurementSource, PeriodKind
from feedback_site.evaluations.models import Indicator, Measurement
from feedback_site.evaluations.services import Figure, record_measurements, refresh_records
from feedback_site.evaluations.services.measurements import rounded
from feedback_site.statistics.proportions import wilson_interval
from visits.selectors.verified_cases import VerifiedCounts, earliest_verdict_of_changed_cases, verified_counts

logger = structlog.get_logger(__name__)

INDICATOR = "verified_resolution_rate"
_WHOLE = 100
_ZONES = timedelta(hours=14)  # no zone is further from UTC
_LOOKBACK = timedelta(hours=1)  # many ticks long, so that a missed tick loses nothing
_REPAIR = timedelta(days=31)  # two workdays, whatever holidays lie between
_TeamMonth = tuple[int, date]


@transaction.atomic
def measure_verified_resolution(*, at: datetime, everything: bool = False) -> int:
    """Measure the current and previous month, and older ones that changed; return how many figures changed.

    Older months are measured where a case changed within the hour.

    A case counts once, in the month of its conclusion by the zone of its credited team, for that
    team and all teams above it: verified by its last verdict, or not verified once its escalation
    is past its deadline or closed without proof. One in repair is not counted yet. `everything`
    measures all months. Unchanged figures are not written. 0 while another run is at work.
    """
    if not is_alone(Lock.VISIT_FIGURES):
        return 0
    indicator = Indicator.objects.filter(slug=INDICATOR).first()
    if indicator is None:
        logger.warning("indicator_missing", indicator=INDICATOR)
        return 0
    first_month = None if everything else _first_month(at)
    since = None if first_month is None else datetime.combine(first_month, time(), UTC) - _ZONES - _REPAIR
    counts = verified_counts(first_month=first_month, since=since, at=at)
    changed = list(_changed(indicator, counts, first_month))
    record_measurements(figures=changed, at=at)
    for month in sorted({figure.period_start for figure in changed}):
        refresh_records(
            team_ids=[figure.team_id for figure in changed if figure.period_start == month],
            month=month,
            at=at,
        )
    return len(changed)


def _first_month(at: datetime) -> date:
    previous = ((at - _ZONES).astimezone(UTC).replace(day=1) - timedelta(days=1)).date()
    earliest = earliest_verdict_of_changed_cases(changed_since=at - _LOOKBACK)
    reached = previous if earliest is None else min(previous, (earliest - _ZONES).astimezone(UTC).date())
    return reached.replace(day=1)


def _changed(
    indicator: Indicator, counts: Sequence[VerifiedCounts], first_month: date | None
) -> Iterator[Figure]:
    """Yield what differs from the measurements on record.

    A team whose cases all went back into repair is stated to have none.
    """
    stated = Measurement.objects.filter(
        indicator=indicator, period_kind=PeriodKind.MONTH, source=MeasurementSource.RETURN_VISIT
    )
    if first_month is not None:
        stated = stated.filter(period_start__gte=first_month)
    present = {(row.team_id, row.period_start): row for row in stated}
    figures = {
        (row.team_id, row.month): _figure(indicator, row)
        for row in counts
        if row.concluded or (row.team_id, row.month) in present
    }
    gone = {key: _none(indicator, key) for key in present.keys() - figures.keys()}
    for key, figure in sorted({**figures, **gone}.items()):
        if key not in present or _differs(present[key], figure):
            yield figure


def _differs(row: Measurement, figure: Figure) -> bool:
    new = (rounded(figure.value), figure.n, rounded(figure.low), rounded(figure.high), dict(figure.evidence))
    return (row.value, row.n, row.low, row.high, row.evidence) != new


def _figure(indicator: Indicator, counts: VerifiedCounts) -> Figure:
    """Return the verified share in percent with Wilson's interval."""
    n = counts.concluded
    interval = wilson_interval(counts.verified, n).scaled(_WHOLE) if n else None
    return Figure(
        indicator=indicator,
        team_id=counts.team_id,
        period_kind=PeriodKind.MONTH,
        period_start=counts.month,
        value=counts.verified / n * _WHOLE if n else None,
        n=n,
        source=MeasurementSource.RETURN_VISIT,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        evidence={
            "verified": counts.verified,
            "not_verified": counts.not_verified,
            "verified_at_first_visit": counts.verified_at_first_visit,
            "in_repair": counts.in_repair,
        },
    )


def _none(indicator: Indicator, key: _TeamMonth) -> Figure:
    team_id, month = key
    return _figure(
        indicator,
        VerifiedCounts(team_id, month, verified=0, not_verified=0, verified_at_first_visit=0, in_repair=0),
    )
