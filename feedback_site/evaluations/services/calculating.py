"""Evaluation records from measurements: normalise, weigh, grade.

All records of a call take a fixed number of statements.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from feedback_site.accounts.selectors import organisation_settings
from feedback_site.evaluations.enums import PeriodKind, RecordStatus
from feedback_site.evaluations.models import (
    EvaluationRecord,
    EvaluationScheme,
    Indicator,
    Measurement,
    RecordLine,
    SchemeItem,
)
from feedback_site.evaluations.rules import (
    LineFigures,
    Period,
    Subject,
    covered_score,
    outcome_of,
    period_before,
    period_start,
    weights_add_up,
)
from feedback_site.evaluations.services.record_history import (
    lines_of,
    locked_history,
    measured_now,
    wanted_records,
)

logger = structlog.get_logger(__name__)

_MEASURED = ("value", "n", "low", "high")
_STATED = (*_MEASURED, "weight", "position", "score", "source")


@dataclass(frozen=True, slots=True)
class _Task:
    """One scheme for one subject: its revisions, first to last, the lines of each, what is measured now."""

    items: list[SchemeItem]
    revisions: list[EvaluationRecord]
    lines: dict[object, list[RecordLine]]
    measured: dict[int, Measurement]


def refresh_records(
    *, team_ids: Iterable[int], month: date, at: datetime, period_kind: str = PeriodKind.MONTH
) -> int:
    """Calculate these teams' records of the month in every active scheme; return how many changed.

    Of a quarter, it is the quarter that holds the month.
    """
    subjects = {Subject.team(team_id) for team_id in team_ids}
    return refresh_periods(subjects={Period(period_kind, period_start(period_kind, month)): subjects}, at=at)


def refresh_periods(
    *,
    subjects: Mapping[Period, Collection[Subject]],
    indicators: Collection[Indicator] | None = None,
    at: datetime,
) -> int:
    """Calculate the records of these subjects in each period, and return how many changed.

    Each active scheme evaluates the subjects and periods of its kinds.

    `indicators`: only in schemes that weigh one of these, which are all that changed.
    A scheme whose weights do not add up is left out and logged: one wrong scheme must not hold up the others.
    """
    if not any(subjects.values()):
        return 0
    items: list[SchemeItem] = []
    for scheme in EvaluationScheme.objects.filter(is_active=True).prefetch_related("items__indicator"):
        of_scheme = scheme.items.all()
        if indicators is not None and not any(item.indicator in indicators for item in of_scheme):
            continue
        if weights_add_up(item.weight for item in of_scheme):
            items += sorted(of_scheme, key=lambda item: (item.position, item.pk))
        else:
            logger.warning("scheme_left_out", scheme=scheme.slug, reason="weights do not add up to 100")
    return _calculate(items, subjects, at) if items else 0


def refresh_open_records(*, at: datetime) -> int:
    """Calculate the unpublished records of the current and the previous period of each kind again.

    This follows a change of weights or limits.
    """
    yesterday = (at - timedelta(days=1)).date()
    unpublished = EvaluationRecord.objects.exclude(status=RecordStatus.PUBLISHED)
    open_periods = Q(pk__in=[])
    for kind in PeriodKind:
        earliest = period_before(kind, period_start(kind, yesterday))
        open_periods |= Q(period_kind=kind, period_start__gte=earliest)
    subjects: dict[Period, set[Subject]] = {}
    for record in unpublished.filter(open_periods):
        subjects.setdefault(record.period, set()).add(record.subject)
    return refresh_periods(subjects=subjects, at=at)


@transaction.atomic
def _calculate(items: list[SchemeItem], subjects: Mapping[Period, Collection[Subject]], at: datetime) -> int:
    """Calculate the current record of each scheme, subject and period; return how many changed."""
    of_scheme: dict[int, list[SchemeItem]] = {}
    for item in items:
        of_scheme.setdefault(item.scheme_id, []).append(item)
    wanted = wanted_records([items[0].scheme for items in of_scheme.values()], subjects)
    if not wanted:
        return 0
    history = locked_history(wanted)
    # Read after the lock, so that the one who calculates last has seen the newest measurements.
    lines = lines_of(history)
    measured = measured_now(wanted)
    changed = []
    for (scheme_id, subject, period), revisions in history.items():
        task = _Task(of_scheme[scheme_id], revisions, lines, measured.get((subject, period), {}))
        record, new_lines = _recalculated(task, at)
        if new_lines:
            changed.append((record, new_lines))
    _write(changed)
    return len(changed)


def _recalculated(task: _Task, at: datetime) -> tuple[EvaluationRecord, list[RecordLine]]:
    """Return the record that is current now, and its new lines; no lines where nothing changed."""
    latest = task.revisions[-1]
    lines = [_line(item, task.measured.get(item.indicator_id)) for item in _weighed(task)]
    present = task.lines.get(latest.pk, [])
    if latest.status == RecordStatus.PUBLISHED:
        if _stated(lines, _MEASURED) == _stated(present, _MEASURED):
            return latest, []
        latest = _next_revision(latest)
    elif latest.status != RecordStatus.DRAFT and _stated(lines, _STATED) == _stated(present, _STATED):
        return latest, []
    outcome = outcome_of(
        [LineFigures(line.weight, line.n, line.score) for line in lines],
        least_weight_covered=task.items[0].scheme.least_weight_covered,
        grade_limits=organisation_settings().grade_limits,
    )
    latest.score, latest.grade, latest.weight_covered = outcome.score, outcome.grade, outcome.weight_covered
    # New figures were not reviewed yet.
    latest.status, latest.reviewed_by, latest.reviewed_at = RecordStatus.CALCULATED, None, None
    latest.calculated_at = at
    for line in lines:
        line.record = latest
    return latest, lines


def _weighed(task: _Task) -> list[SchemeItem]:
    """Return the scheme's items, or what was weighed in the last published revision.

    A closed period keeps its weights.
    """
    published = [record for record in task.revisions if record.status == RecordStatus.PUBLISHED]
    if not published:
        return task.items
    lines = task.lines.get(published[-1].pk, [])
    return [
        SchemeItem(indicator=line.indicator, weight=line.weight, position=line.position) for line in lines
    ]


def _line(item: SchemeItem, measurement: Measurement | None) -> RecordLine:
    line = RecordLine(indicator=item.indicator, weight=item.weight, position=item.position)
    if measurement is None:
        return line
    for name in (*_MEASURED, "source"):
        setattr(line, name, getattr(measurement, name))
    line.score = covered_score(
        unit=item.indicator.unit,
        direction=item.indicator.direction,
        rubric=item.indicator.rubric,
        value=line.value,
        n=line.n,
    )
    return line


def _stated(lines: Iterable[RecordLine], names: Iterable[str]) -> dict[int, tuple[object, ...]]:
    return {line.indicator_id: tuple(getattr(line, name) for name in names) for line in lines}


def _next_revision(record: EvaluationRecord) -> EvaluationRecord:
    return EvaluationRecord(
        scheme_id=record.scheme_id,
        **record.subject._asdict(),
        period_kind=record.period_kind,
        period_start=record.period_start,
        revision=record.revision + 1,
    )


def _write(changed: list[tuple[EvaluationRecord, list[RecordLine]]]) -> None:
    if not changed:
        return
    records = [record for record, _lines_of_it in changed]
    # The history is locked, so a revision of that number cannot
    # exist; upserting writes new and known records in one statement.
    EvaluationRecord.objects.bulk_create(
        records,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[
            "score",
            "grade",
            "weight_covered",
            "status",
            "reviewed_by",
            "reviewed_at",
            "calculated_at",
        ],
    )
    RecordLine.objects.filter(record__in=records).delete()
    RecordLine.objects.bulk_create([line for _record, lines in changed for line in lines])
