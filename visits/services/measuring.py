"""Verified resolution rate: of the cases that return visits concluded, the share whose repair holds."""

from datetime import UTC, date, datetime, time, timedelta

import structlog
from django.db import transaction

from feedback_site.common.locks import Lock, is_alone
from feedback_site.evaluations.enums import MeasurementSource, PeriodKind
from feedback_site.evaluations.models import Indicator
from feedback_site.evaluations.rules import Subject
from feedback_site.evaluations.services import Figure, Measured, restate_measurements
from feedback_site.statistics.proportions import wilson_interval
from visits.selectors.verified_cases import (
    VerifiedCounts,
    earliest_escalation,
    earliest_verdict_of_changed_cases,
    verified_counts,
)

logger = structlog.get_logger(__name__)

INDICATOR = "verified_resolution_rate"
_WHOLE = 100
_ZONES = timedelta(hours=14)  # no zone is further from UTC
_LOOKBACK = timedelta(hours=1)  # many ticks long, so that a missed tick loses nothing


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
    since = None if first_month is None else _first_verdict_of(first_month)
    counts = verified_counts(first_month=first_month, since=since, at=at)
    # A team whose cases all went back into repair is stated to have none.
    nothing = VerifiedCounts(0, at.date(), verified=0, not_verified=0, verified_at_first_visit=0, in_repair=0)
    measured = Measured(
        indicators=[indicator],
        period_kinds=[PeriodKind.MONTH],
        sources=[MeasurementSource.RETURN_VISIT],
        first=first_month,
        evidence_of_none=_figure(indicator, nothing).evidence,
    )
    figures = [_figure(indicator, row) for row in counts]
    return restate_measurements(figures=figures, measured=measured, at=at).figures


def _first_month(at: datetime) -> date:
    previous = ((at - _ZONES).astimezone(UTC).replace(day=1) - timedelta(days=1)).date()
    earliest = earliest_verdict_of_changed_cases(changed_since=at - _LOOKBACK)
    reached = previous if earliest is None else min(previous, (earliest - _ZONES).astimezone(UTC).date())
    return reached.replace(day=1)


def _first_verdict_of(month: date) -> datetime:
    """Return the earliest moment of a verdict that can count in this month or later."""
    begins = datetime.combine(month, time(), UTC) - _ZONES
    return min(begins, earliest_escalation(due_from=begins) or begins)


def _figure(indicator: Indicator, counts: VerifiedCounts) -> Figure:
    """Return the verified share in percent with Wilson's interval."""
    n = counts.concluded
    interval = wilson_interval(counts.verified, n).scaled(_WHOLE) if n else None
    return Figure(
        indicator=indicator,
        subject=Subject.team(counts.team_id),
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
