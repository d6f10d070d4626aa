"""Evaluation records from measurements: normalise, weigh, grade. All records of a month take a fixed number of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.common.exceptions import DomainError
from feedback_site.evaluations.enums import PeriodKind, RecordStatus
from feedback_site.evaluations.models import EvaluationRecord, EvaluationScheme, Measurement, RecordLine, SchemeItem
from feedback_site.evaluations.rules import LineFigures, covered_score, outcome_of, weights_add_up

logger = structlog.get_logger(__name__)

_MEASURED = ("value", "n", "low", "high")
_STATED = (*_MEASURED, "weight", "position", "score", "source")


@dataclass(frozen=True, slots=True)
class _Period:
    kind: str
    start: date


@dataclass(frozen=True, slots=True)
class _Task:
    """One scheme for one team: its revisions from first to last, the lines of each, what is measured now."""

    items: list[SchemeItem]
    revisions: list[EvaluationRecord]
    lines: dict[object, list[RecordLine]]
    measured: dict[int, Measurement]


def calculate_record(*, scheme: EvaluationScheme, team: Team, period_kind: str, period_start: date, at: datetime) -> EvaluationRecord:
    """Calculate a team's record from its measurements and return it.

    A published record is returned as it is while its measurements hold; once they differ a new revision is made, by the weights
    that were published. DomainError where the scheme's weights do not add up to 100.
    """
    items = _items([scheme])
    if not weights_add_up(item.weight for item in items):
        raise DomainError(_("The weights of a scheme must add up to 100."), {"scheme": scheme.slug})
    records, _changed = _calculate(items, [team.pk], _Period(period_kind, period_start), at)
    return records[0]


def refresh_records(*, team_ids: Iterable[int], month: date, at: datetime) -> int:
    """Calculate the month's records of these teams in every active scheme; return how many changed.

    A scheme whose weights do not add up is left out and logged: one wrong scheme must not hold up the others.
    """
    items = []
    for scheme in EvaluationScheme.objects.filter(is_active=True).prefetch_related("items__indicator"):
        if weights_add_up(item.weight for item in scheme.items.all()):
            items += sorted(scheme.items.all(), key=lambda item: (item.position, item.pk))
        else:
            logger.warning("scheme_left_out", scheme=scheme.slug, reason="weights do not add up to 100")
    teams = sorted(set(team_ids))
    if not items or not teams:
        return 0
    return _calculate(items, teams, _Period(PeriodKind.MONTH, month.replace(day=1)), at)[1]


def refresh_open_records(*, at: datetime) -> int:
    """Calculate the unpublished records of the current and the previous month anew, after weights or limits were changed."""
    earliest = ((at - timedelta(days=1)).replace(day=1) - timedelta(days=1)).date().replace(day=1)
    unpublished = EvaluationRecord.objects.exclude(status=RecordStatus.PUBLISHED)
    rows = unpublished.filter(period_kind=PeriodKind.MONTH, period_start__gte=earliest).values_list("period_start", "team_id")
    teams_by_month: dict[date, set[int]] = {}
    for month, team_id in rows:
        teams_by_month.setdefault(month, set()).add(team_id)
    return sum(refresh_records(team_ids=teams, month=month, at=at) for month, teams in sorted(teams_by_month.items()))


def _items(schemes: Sequence[EvaluationScheme]) -> list[SchemeItem]:
    rows = SchemeItem.objects.filter(scheme__in=schemes).select_related("indicator", "scheme")
    return list(rows.order_by("scheme_id", "position", "pk"))


@transaction.atomic
def _calculate(items: list[SchemeItem], team_ids: list[int], period: _Period, at: datetime) -> tuple[list[EvaluationRecord], int]:
    """Return the current record of each scheme and team, and how many changed."""
    of_scheme: dict[int, list[SchemeItem]] = {}
    for item in items:
        of_scheme.setdefault(item.scheme_id, []).append(item)
    history = _locked_history(list(of_scheme), team_ids, period)
    # Read after the lock, so that whoever calculates last has seen the newest measurements.
    lines = _lines(history)
    measured = _measured(team_ids, period)
    records, changed = [], []
    for (scheme_id, team_id), revisions in history.items():
        task = _Task(of_scheme[scheme_id], revisions, lines, measured.get(team_id, {}))
        record, new_lines = _recalculated(task, at)
        records.append(record)
        if new_lines:
            changed.append((record, new_lines))
    _write(changed)
    return records, len(changed)


def _locked_history(scheme_ids: list[int], team_ids: list[int], period: _Period) -> dict[tuple[int, int], list[EvaluationRecord]]:
    """Lock all revisions of these records, from first to last, in one order for all writers; make the missing first ones."""
    wanted = EvaluationRecord.objects.filter(
        scheme_id__in=scheme_ids, team_id__in=team_ids, period_kind=period.kind, period_start=period.start
    )
    known = set(wanted.values_list("scheme_id", "team_id"))
    missing = [(scheme, team) for scheme in sorted(scheme_ids) for team in sorted(team_ids) if (scheme, team) not in known]
    if missing:
        EvaluationRecord.objects.bulk_create(
            [EvaluationRecord(scheme_id=s, team_id=t, period_kind=period.kind, period_start=period.start) for s, t in missing],
            ignore_conflicts=True,
        )
    history: dict[tuple[int, int], list[EvaluationRecord]] = {}
    for record in wanted.select_for_update().order_by("scheme_id", "team_id", "revision"):
        history.setdefault((record.scheme_id, record.team_id), []).append(record)
    return history


def _lines(history: dict[tuple[int, int], list[EvaluationRecord]]) -> dict[object, list[RecordLine]]:
    lines: dict[object, list[RecordLine]] = {}
    records = [record.pk for revisions in history.values() for record in revisions]
    for line in RecordLine.objects.filter(record_id__in=records).select_related("indicator").order_by("position", "pk"):
        lines.setdefault(line.record_id, []).append(line)
    return lines


def _measured(team_ids: list[int], period: _Period) -> dict[int, dict[int, Measurement]]:
    rows = Measurement.objects.filter(team_id__in=team_ids, period_kind=period.kind, period_start=period.start)
    measured: dict[int, dict[int, Measurement]] = {}
    for row in rows:
        measured.setdefault(row.team_id, {})[row.indicator_id] = row
    return measured


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
        [LineFigures(line.weight, line.n, line.score) for line in lines], least_weight_covered=task.items[0].scheme.least_weight_covered
    )
    latest.score, latest.grade, latest.weight_covered = outcome.score, outcome.grade, outcome.weight_covered
    # New figures were reviewed by nobody yet.
    latest.status, latest.reviewed_by, latest.reviewed_at = RecordStatus.CALCULATED, None, None
    latest.calculated_at = at
    for line in lines:
        line.record = latest
    return latest, lines


def _weighed(task: _Task) -> list[SchemeItem]:
    """Return the scheme's items, or what was weighed in the last published revision: a closed period keeps its weights."""
    published = [record for record in task.revisions if record.status == RecordStatus.PUBLISHED]
    if not published:
        return task.items
    lines = task.lines.get(published[-1].pk, [])
    return [SchemeItem(indicator=line.indicator, weight=line.weight, position=line.position) for line in lines]


def _line(item: SchemeItem, measurement: Measurement | None) -> RecordLine:
    line = RecordLine(indicator=item.indicator, weight=item.weight, position=item.position)
    if measurement is None:
        return line
    for name in (*_MEASURED, "source"):
        setattr(line, name, getattr(measurement, name))
    line.score = covered_score(
        unit=item.indicator.unit, direction=item.indicator.direction, rubric=item.indicator.rubric, value=line.value, n=line.n
    )
    return line


def _stated(lines: Iterable[RecordLine], names: Iterable[str]) -> dict[int, tuple[object, ...]]:
    return {line.indicator_id: tuple(getattr(line, name) for name in names) for line in lines}


def _next_revision(record: EvaluationRecord) -> EvaluationRecord:
    return EvaluationRecord(
        scheme_id=record.scheme_id,
        team_id=record.team_id,
        period_kind=record.period_kind,
        period_start=record.period_start,
        revision=record.revision + 1,
    )


def _write(changed: list[tuple[EvaluationRecord, list[RecordLine]]]) -> None:
    if not changed:
        return
    records = [record for record, _lines_of_it in changed]
    # The history is locked, so a revision of that number cannot exist; upserting writes new and known records in one statement.
    EvaluationRecord.objects.bulk_create(
        records,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["score", "grade", "weight_covered", "status", "reviewed_by", "reviewed_at", "calculated_at"],
    )
    RecordLine.objects.filter(record__in=records).delete()
    RecordLine.objects.bulk_create([line for _record, lines in changed for line in lines])
