"""Quarters of what staff enter by month: the months' cases pooled, never the average of their figures."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from decimal import Decimal

from feedback_site.evaluations.enums import PeriodKind
from feedback_site.evaluations.models import Measurement
from feedback_site.evaluations.rules import period_code, period_start
from feedback_site.evaluations.selectors.indicators import indicators_by_hand
from feedback_site.evaluations.services.measurements import Figure, record_measurements, rounded

_Key = tuple[int, int, date]  # indicator, team, first day of the quarter


def pool_quarters(*, team_ids: Collection[int], day: date, at: datetime) -> int:
    """State the quarter that holds `day` anew for these teams from the months that were entered; return how many figures changed."""
    quarter = period_start(PeriodKind.QUARTER, day)
    changed = [row for row in pooled_quarters(first_month=quarter) if row.team_id in team_ids and row.period_start == quarter]
    record_measurements(figures=changed, at=at)
    return len(changed)


def pooled_quarters(*, first_month: date | None) -> Iterator[Figure]:
    """Yield the quarters, from the one that `first_month` begins on, that differ from the months entered; None looks at everything.

    The value is sum(value * n) / sum(n); `evidence` names the months. No interval: the months' own do not add up to one. One query.
    """
    rows = Measurement.objects.filter(indicator__in=indicators_by_hand(), period_kind__in=[PeriodKind.MONTH, PeriodKind.QUARTER])
    if first_month is not None:
        rows = rows.filter(period_start__gte=first_month)
    months: dict[_Key, list[Measurement]] = {}
    stated: dict[_Key, Measurement] = {}
    for row in rows.select_related("indicator").order_by("period_start"):
        key = (row.indicator_id, row.team_id, period_start(PeriodKind.QUARTER, row.period_start))
        if row.period_kind == PeriodKind.MONTH:
            months.setdefault(key, []).append(row)
        else:
            stated[key] = row
    for key, entered in months.items():
        figure, known = _pooled(entered), stated.get(key)
        if known is None or (known.value, known.n, known.evidence) != (rounded(figure.value), figure.n, figure.evidence):
            yield figure


def _pooled(months: list[Measurement]) -> Figure:
    counted = [row for row in months if row.value is not None]
    n = sum(row.n for row in counted)
    total = sum(((row.value or Decimal(0)) * row.n for row in counted), Decimal(0))
    first = months[0]
    return Figure(
        indicator=first.indicator,
        team_id=first.team_id,
        period_kind=PeriodKind.QUARTER,
        period_start=period_start(PeriodKind.QUARTER, first.period_start),
        value=total / n if n else None,
        n=n,
        source=first.source,
        evidence={"pooled_from": [period_code(row.period_kind, row.period_start) for row in counted]},
    )
