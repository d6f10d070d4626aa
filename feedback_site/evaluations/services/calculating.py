"""Evaluation records from measurements: normalise, weigh, grade.

All records of a call take a fixed number of statements.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

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
    covered_score,
    outcome_of,
    period_start,
    weights_add_up,
)

logger = structlog.get_logger(__name__)

_MEASURED = ("value", "n", "low", "high")
_STATED = (*_MEASURED, "weight", "position", "score", "source")


_Key = tuple[int, int, Period]  # scheme, team, period
_TeamPeriod = tuple[int, Period]


@dataclass(frozen=True, slots=True)
class _Task:
    """One scheme for one team: its revisions from first to last, the lines of each, what is measured now."""

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
    return refresh_periods(
        teams={Period(period_kind, period_start(period_kind, month)): set(team_ids)}, at=at
    )


def refresh_periods(
    *, teams: Mapping[Period, Collection[int]], indicators: Collection[Indicator] | None = None, at: datetime
) -> int:
    """Calculate the records of these teams in each period, in every active scheme; return how many changed.

    `indicators`: only in schemes that weigh one of these, which are all that changed.
    A scheme whose weights do not add up is left out and logged: one wrong scheme must not hold up the others.
    """
    wanted = {period: team_ids for period, team_ids in teams.items() if team_ids}
    if not wanted:
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
    return _calculate(items, wanted, at) if items else 0


def refresh_open_records(*, at: datetime) -> int:
    """Calculate the unpublished records of the current and previous month and quarter again.

    This follows a change of weights or limits.
    """
    yesterday = (at - timedelta(days=1)).date()
    unpublished = EvaluationRecord.objects.exclude(status=RecordStatus.PUBLISHED)
    teams: dict[Period, set[int]] = {}
    for kind in (PeriodKind.MONTH, PeriodKind.QUARTER):
        earliest = period_start(kind, period_start(kind, yesterday) - timedelta(days=1))
        rows = unpublished.filter(period_kind=kind, period_start__gte=earliest).values_list(
            "period_start", "team_id"
        )
        for start, team_id in rows:
            teams.setdefault(Period(kind, start), set()).add(team_id)
    return refresh_periods(teams=teams, at=at)


@transaction.atomic
def _calculate(items: list[SchemeItem], teams: Mapping[Period, Collection[int]], at: datetime) -> int:
    """Calculate the current record of each scheme, team and period; return how many changed."""
    of_scheme: dict[int, list[SchemeItem]] = {}
    for item in items:
        of_scheme.setdefault(item.scheme_id, []).append(item)
    history = _locked_history(list(of_scheme), teams)
    # Read after the lock, so that the one who calculates last has seen the newest measurements.
    lines = _lines(history)
    measured = _measured(teams)
    changed = []
    for (scheme_id, team_id, period), revisions in history.items():
        task = _Task(of_scheme[scheme_id], revisions, lines, measured.get((team_id, period), {}))
        record, new_lines = _recalculated(task, at)
        if new_lines:
            changed.append((record, new_lines))
    _write(changed)
    return len(changed)


def _locked_history(
    scheme_ids: list[int], teams: Mapping[Period, Collection[int]]
) -> dict[_Key, list[EvaluationRecord]]:
    """Lock all revisions of these records, from first to last, in one order for all writers.

    Makes the first revisions that are missing.
    """
    found = EvaluationRecord.objects.filter(_of(teams), scheme_id__in=scheme_ids)
    rows = found.values_list("scheme_id", "team_id", "period_kind", "period_start")
    known = {(scheme, team, Period(kind, start)) for scheme, team, kind, start in rows}
    wanted = (
        (scheme, team, period)
        for period, team_ids in teams.items()
        for team in team_ids
        for scheme in scheme_ids
    )
    missing = sorted(set(wanted) - known)
    if missing:
        EvaluationRecord.objects.bulk_create(
            [
                EvaluationRecord(scheme_id=s, team_id=t, period_kind=period.kind, period_start=period.start)
                for s, t, period in missing
            ],
            ignore_conflicts=True,
        )
    history: dict[_Key, list[EvaluationRecord]] = {}
    ordered = found.order_by("scheme_id", "team_id", "period_kind", "period_start", "revision")
    for record in ordered.select_for_update():
        history.setdefault((record.scheme_id, record.team_id, _period(record)), []).append(record)
    return history


def _of(teams: Mapping[Period, Collection[int]]) -> Q:
    """Return what rows of these teams' periods have in common."""
    return reduce(
        or_,
        (
            Q(period_kind=kind, period_start=start, team_id__in=list(ids))
            for (kind, start), ids in teams.items()
        ),
    )


def _period(row: EvaluationRecord | Measurement) -> Period:
    return Period(row.period_kind, row.period_start)


def _lines(history: dict[_Key, list[EvaluationRecord]]) -> dict[object, list[RecordLine]]:
    lines: dict[object, list[RecordLine]] = {}
    records = [record.pk for revisions in history.values() for record in revisions]
    for line in (
        RecordLine.objects.filter(record_id__in=records)
        .select_related("indicator")
        .order_by("position", "pk")
    ):
        lines.setdefault(line.record_id, []).append(line)
    return lines


def _measured(teams: Mapping[Period, Collection[int]]) -> dict[_TeamPeriod, dict[int, Measurement]]:
    measured: dict[_TeamPeriod, dict[int, Measurement]] = {}
    for row in Measurement.objects.filter(_of(teams)):
        measured.setdefault((row.team_id, _period(row)), {})[row.indicator_id] = row
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
        team_id=record.team_id,
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
