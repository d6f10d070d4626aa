"""Restating: one way for everything that measures to bring its figures on record.

A pipeline hands over its figures and says what it has measured as a whole. Here is decided what has
changed and what has no cases any more; that alone is written, and its records are calculated again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Case, Q, When

from feedback_site.evaluations.models import Indicator, Measurement, condition_of
from feedback_site.evaluations.rules import Period, Subject
from feedback_site.evaluations.services.calculating import refresh_periods
from feedback_site.evaluations.services.measurements import Figure, differs, record_measurements

_Key = tuple[int, Subject, Period]  # by the indicator's id


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a pipeline has measured as a whole; dates are first days of periods.

    A measurement on record that belongs to it and got no figure has no cases any more.

    `first` and `last` None: without a limit. `sources` None: whatever source stated it.
    `evidence_of_none` is the evidence of a figure without cases.
    """

    indicators: Collection[Indicator]
    period_kinds: Collection[str]
    sources: Collection[str] | None = None
    first: date | None = None
    last: date | None = None
    evidence_of_none: Mapping[str, Any] = field(default_factory=dict)

    @property
    def condition(self) -> Q:
        """What the measurements have in common that belong to it."""
        limits = {
            "indicator__in": list(self.indicators),
            "period_kind__in": list(self.period_kinds),
            "source__in": self.sources,
            "period_start__gte": self.first,
            "period_start__lte": self.last,
        }
        return Q(**{name: limit for name, limit in limits.items() if limit is not None})


@dataclass(frozen=True, slots=True)
class Restated:
    """How many figures, and how many evaluation records, changed."""

    figures: int
    records: int


def restate_measurements(
    *, figures: Iterable[Figure], measured: Measured | None = None, at: datetime
) -> Restated:
    """Write those `figures` that differ from what is on record, and calculate the records that weigh them.

    What belongs to `measured` and got no figure is stated to have no cases. A figure without cases is news
    only where something was stated before. Each (indicator, subject, period) at most once. The caller sees to
    it that two of its runs do not write at the same time.
    """
    wanted = {_key(figure): figure for figure in figures}
    present = _on_record(wanted.values(), measured)
    if measured is not None:
        for key, (row, belongs) in present.items():
            if belongs:
                wanted.setdefault(key, _without_cases(row, measured))
    stated = {key: row for key, (row, _belongs) in present.items()}
    changed = [figure for key, figure in wanted.items() if _is_news(stated.get(key), figure)]
    record_measurements(figures=changed, at=at)
    return Restated(len(changed), _refresh(changed, at))


def _key(stated: Figure | Measurement) -> _Key:
    return stated.indicator.pk, stated.subject, Period(str(stated.period_kind), stated.period_start)


def _on_record(
    figures: Collection[Figure], measured: Measured | None
) -> dict[_Key, tuple[Measurement, bool]]:
    """Return what is on record for these figures or `measured`, and whether it belongs to `measured`.

    It may be a little more. Takes one query.
    """
    belongs = Q(pk__in=[]) if measured is None else measured.condition
    wanted = Q(pk__in=[])
    starts: dict[str, set[date]] = {}
    for figure in figures:
        starts.setdefault(str(figure.period_kind), set()).add(figure.period_start)
    for kind, days in starts.items():
        wanted |= Q(period_kind=kind, period_start__in=days)
    wanted &= condition_of({figure.subject for figure in figures})
    wanted &= Q(indicator__in={figure.indicator.pk for figure in figures})
    rows = (
        Measurement.objects.filter(wanted | belongs)
        .annotate(belongs=Case(When(belongs, then=True), default=False, output_field=BooleanField()))
        .select_related("indicator")
    )
    return {_key(row): (row, bool(vars(row)["belongs"])) for row in rows}


def _is_news(row: Measurement | None, figure: Figure) -> bool:
    return figure.n > 0 if row is None else differs(row, figure)


def _without_cases(row: Measurement, measured: Measured) -> Figure:
    return Figure(
        indicator=row.indicator,
        subject=row.subject,
        period_kind=row.period_kind,
        period_start=row.period_start,
        value=None,
        n=0,
        source=row.source,
        evidence=measured.evidence_of_none,
    )


def _refresh(changed: Collection[Figure], at: datetime) -> int:
    subjects: dict[Period, set[Subject]] = {}
    for figure in changed:
        subjects.setdefault(figure.period, set()).add(figure.subject)
    return refresh_periods(subjects=subjects, indicators={figure.indicator for figure in changed}, at=at)
