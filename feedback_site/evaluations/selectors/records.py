"""A record as people read it: every line with its figures, as far as its cases allow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from feedback_site.evaluations.enums import PeriodKind, Unit
from feedback_site.evaluations.models import EvaluationRecord, Indicator, RecordLine, condition_of
from feedback_site.evaluations.rules import Visibility, is_firm, limits_of, visibility_of

_WHOLE = Decimal(100)
# How long the scale is: points run from -100 to 100.
_SCALES = {Unit.PERCENT.value: Decimal(100), Unit.RATING.value: Decimal(5), Unit.POINTS.value: Decimal(200)}
_HEADROOM = Decimal("1.25")  # a time has no upper end: the bar leaves a quarter free


@dataclass(frozen=True, slots=True)
class Bar:
    """Where value, baseline and target stand on the indicator's scale, in percent.

    `met` looks at the indicator's direction.
    """

    value: Decimal | None
    baseline: Decimal
    target: Decimal
    met: str


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One indicator's row.

    What too few cases forbid to show is None; `contribution` adds up to the record's score.
    """

    indicator: Indicator
    visibility: Visibility
    weight: Decimal
    n: int | None
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    score: Decimal | None
    contribution: Decimal | None
    source: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """A record with its lines, the shares of the weight in percent, and the other revisions of its period."""

    record: EvaluationRecord
    lines: list[SheetLine]
    weight_firm: Decimal
    least_weight: Decimal
    revisions: list[EvaluationRecord]

    @property
    def is_covered(self) -> bool:
        """Whether enough of the weight was measured at all."""
        return self.record.weight_covered >= self.least_weight


def record_sheet(*, record: EvaluationRecord) -> RecordSheet:
    """Return the sheet of a record; two queries beside the record's own."""
    return record_sheets(records=[record])[0]


def record_sheets(*, records: Sequence[EvaluationRecord]) -> list[RecordSheet]:
    """Return the sheets of records whose schemes are loaded, in their order; two queries for all of them."""
    lines: dict[UUID, list[RecordLine]] = {record.pk: [] for record in records}
    for line in (
        RecordLine.objects.filter(record_id__in=lines).select_related("indicator").order_by("position", "pk")
    ):
        lines[line.record_id].append(line)
    revisions: dict[tuple[object, ...], list[EvaluationRecord]] = {}
    for other in _same_periods(records).order_by("revision"):
        revisions.setdefault(_period_of(other), []).append(other)
    return [
        RecordSheet(
            record=record,
            lines=[_sheet_line(line, record.weight_covered) for line in lines[record.pk]],
            weight_firm=_firm_weight(lines[record.pk]),
            least_weight=record.scheme.least_weight_covered,
            revisions=[other for other in revisions.get(_period_of(record), []) if other.pk != record.pk],
        )
        for record in records
    ]


def _firm_weight(lines: Sequence[RecordLine]) -> Decimal:
    """Return the weight of the lines whose score rests on enough answers."""
    scored = [line for line in lines if line.score is not None]
    return sum((line.weight for line in scored if is_firm(line.n)), Decimal(0))


def _same_periods(records: Sequence[EvaluationRecord]) -> QuerySet[EvaluationRecord]:
    """Return the revisions of these records' periods, and of few others.

    Others are those that the records' subjects, schemes and starts make together.
    """
    return EvaluationRecord.objects.filter(
        scheme_id__in={record.scheme_id for record in records},
        period_start__in={record.period_start for record in records},
    ).filter(condition_of({record.subject for record in records}))


def _period_of(record: EvaluationRecord) -> tuple[object, ...]:
    return record.scheme_id, record.subject, record.period


def _sheet_line(line: RecordLine, covered: Decimal) -> SheetLine:
    visibility = visibility_of(line.n)
    has_value = visibility in {Visibility.GREYED, Visibility.FULL}
    contribution = line.weight * line.score / covered if line.score is not None and covered else None
    return SheetLine(
        indicator=line.indicator,
        visibility=visibility,
        weight=line.weight,
        n=None if visibility is Visibility.NOTHING else line.n,
        value=line.value if has_value else None,
        low=line.low if has_value else None,
        high=line.high if has_value else None,
        score=line.score,
        contribution=contribution,
        source=line.source,
        bar=_bar(line.indicator, line.value if has_value else None),
    )


def _bar(indicator: Indicator, value: Decimal | None) -> Bar:
    highest = max(value or Decimal(0), indicator.baseline, indicator.target)
    scale = _SCALES.get(indicator.unit, highest * _HEADROOM) or Decimal(1)
    least = limits_of(indicator.unit)[0] if indicator.unit == Unit.POINTS else 0

    def place(figure: Decimal) -> Decimal:
        return min((figure - least) / scale * _WHOLE, _WHOLE).quantize(Decimal("0.1"))

    return Bar(
        value=None if value is None else place(value),
        baseline=place(indicator.baseline),
        target=place(indicator.target),
        met="" if value is None else _met(indicator, value),
    )


def _met(indicator: Indicator, value: Decimal) -> str:
    sign = -1 if indicator.direction == "lower" else 1
    if sign * value >= sign * indicator.target:
        return "target"
    return "baseline" if sign * value >= sign * indicator.baseline else "below"


def latest_records(
    *, team_ids: Iterable[int], scheme_slug: str, period_start: date
) -> dict[int, EvaluationRecord]:
    """Return each team's newest revision of a month; one query."""
    rows = EvaluationRecord.objects.of_teams().filter(
        team_id__in=list(team_ids),
        scheme__slug=scheme_slug,
        period_kind=PeriodKind.MONTH,
        period_start=period_start,
    )
    newest = rows.order_by("revision")
    return {record.team_id: record for record in newest if record.team_id is not None}
