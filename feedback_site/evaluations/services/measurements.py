"""What was measured, written so that measuring again replaces the figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.evaluations.models import Indicator, Measurement
from feedback_site.evaluations.models.measurement import KEY
from feedback_site.evaluations.rules import Period, Subject, limits_of, period_start

Number = Decimal | float | int

_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: value, cases, and a 95 % interval where known.

    The value is in the indicator's unit; without cases it is None.
    """

    indicator: Indicator
    subject: Subject
    period_kind: str
    period_start: date
    value: Number | None
    n: int
    source: str
    low: Number | None = None
    high: Number | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def period(self) -> Period:
        """When it was measured."""
        return Period(str(self.period_kind), self.period_start)


def record_measurement(
    *,
    indicator: Indicator,
    subject: Subject,
    period_kind: str,
    period_start: date,
    value: Number | None,
    n: int,
    low: Number | None = None,
    high: Number | None = None,
    source: str,
    evidence: Mapping[str, Any] | None = None,
    at: datetime,
) -> Measurement:
    """State an indicator of a subject in a period, replacing what was stated before.

    DomainError where the figures contradict each other, the unit or the period.
    """
    figure = Figure(
        indicator, subject, period_kind, period_start, value, n, source, low, high, evidence or {}
    )
    record_measurements(figures=[figure], at=at)
    return Measurement.objects.get(
        indicator=indicator, period_kind=period_kind, period_start=period_start, **subject._asdict()
    )


def record_measurements(*, figures: Sequence[Figure], at: datetime) -> None:
    """State many figures in one statement; each (indicator, subject, period) at most once."""
    rows = [_measurement(figure, at) for figure in figures]
    # One order for all writers, so that two of them never wait for each other.
    rows.sort(key=lambda row: (row.indicator_id, row.subject.order, row.period_kind, row.period_start))
    Measurement.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=KEY,
        update_fields=["value", "n", "low", "high", "source", "evidence", "measured_at"],
    )


def _measurement(figure: Figure, at: datetime) -> Measurement:
    check_figure(figure)
    return Measurement(
        indicator=figure.indicator,
        **figure.subject._asdict(),
        period_kind=figure.period_kind,
        period_start=figure.period_start,
        value=rounded(figure.value),
        n=figure.n,
        low=rounded(figure.low),
        high=rounded(figure.high),
        source=figure.source,
        evidence=dict(figure.evidence),
        measured_at=at,
    )


def rounded(number: Number | None) -> Decimal | None:
    """Return a figure as it is stored: four decimals, half up."""
    return None if number is None else Decimal(str(number)).quantize(_PLACES, rounding=ROUND_HALF_UP)


def differs(row: Measurement, figure: Figure) -> bool:
    """Return whether the figure says anything else than what is on record."""
    new = (rounded(figure.value), figure.n, rounded(figure.low), rounded(figure.high))
    stated = (row.value, row.n, row.low, row.high)
    return (*stated, row.source, row.evidence) != (*new, figure.source, dict(figure.evidence))


def check_figure(figure: Figure) -> None:
    """Refuse a figure that contradicts itself, its unit or its period, by a DomainError."""
    _check_period(figure)
    if (figure.n == 0) != (figure.value is None):
        raise DomainError(
            _("A figure needs a sample size, and a sample size needs a figure."), {"n": figure.n}
        )
    if (figure.low is None) != (figure.high is None):
        raise DomainError(_("An interval needs both its ends."))
    if figure.value is None:
        if figure.low is not None:
            raise DomainError(_("Without a figure there is no interval."))
        return
    least, most = limits_of(figure.indicator.unit)
    if not least <= figure.value <= most:
        raise DomainError(
            _("The value must lie between %(least)s and %(most)s.") % {"least": least, "most": most},
            {"value": str(figure.value)},
        )
    if figure.low is not None and figure.high is not None and not figure.low <= figure.value <= figure.high:
        raise DomainError(_("The interval must hold the value."))


def _check_period(figure: Figure) -> None:
    start = figure.period_start
    if start != period_start(figure.period_kind, start):
        raise DomainError(
            _("The period must start on its first day: a week on Monday, a half-year in January or July."),
            {"period_start": str(start)},
        )
