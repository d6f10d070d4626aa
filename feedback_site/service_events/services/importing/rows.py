"""A chunk of rows taken in: what became of each, and why the others were not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DataError, IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.exceptions import ConflictError
from feedback_site.common.table_files import FileRow
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.services.importing.parsing import RowParser
from feedback_site.service_events.services.recording import RecordedEvent, record_service_events
from feedback_site.service_events.services.submissions import EventSubmission, body_of

_LONGEST_REASON = 1000
_LONGEST_VALUE = 200


class Problem(NamedTuple):
    """A row that was not taken in, why, and what it says otherwise than what is on record."""

    line: int
    reason: str
    changes: dict[str, Any]


@dataclass
class Outcome:
    """What became of the rows of a chunk."""

    imported: int = 0
    completed: int = 0
    repeated: int = 0
    problems: list[Problem] = field(default_factory=list)


def take_in(rows: Sequence[FileRow], parse: RowParser, *, principal: User | None, is_replayed: bool, at: datetime) -> Outcome:
    """Record the events of the rows, in the caller's transaction. A row that the database refuses is listed like any other."""
    outcome = Outcome(problems=[_problem(row.line, row.problem) for row in rows if row.problem])
    readable = [row for row in rows if not row.problem]
    valid: list[tuple[int, EventSubmission]] = []
    for row, parsed in zip(readable, parse(readable, at), strict=True):
        if isinstance(parsed, str):
            outcome.problems.append(_problem(row.line, parsed))
        else:
            valid.append((row.line, parsed))
    conflicts = _record(valid, outcome, principal=principal, is_replayed=is_replayed, at=at)
    outcome.problems += _conflict_problems(conflicts, principal)
    outcome.problems.sort()
    return outcome


def _record(
    valid: list[tuple[int, EventSubmission]], outcome: Outcome, *, principal: User | None, is_replayed: bool, at: datetime
) -> list[Any]:
    """Record what can be and return the conflicts; where one row would take the others down, they go one by one."""
    try:
        with transaction.atomic():
            submissions = [submission for _line, submission in valid]
            results = record_service_events(submissions=submissions, principal=principal, at=at, is_replayed=is_replayed)
    except (DataError, IntegrityError):
        if len(valid) == 1:
            outcome.problems.append(_problem(valid[0][0], _("The database refuses this row: a value is too long or contradicts another.")))
            return []
        return [conflict for one in valid for conflict in _record([one], outcome, principal=principal, is_replayed=is_replayed, at=at)]
    conflicts = []
    for (line, submission), result in zip(valid, results, strict=True):
        if isinstance(result, RecordedEvent):
            outcome.imported += result.is_new
            outcome.completed += result.is_new and submission.completed_at is not None
            outcome.repeated += not result.is_new
        else:
            conflicts.append((line, submission, result))
    return conflicts


def _conflict_problems(conflicts: Sequence[tuple[int, EventSubmission, ConflictError]], principal: User | None) -> list[Problem]:
    """Say what differs, where the reader may see the event on record."""
    if not conflicts:
        return []
    visible = ServiceEvent.objects.all() if principal is None else ServiceEvent.objects.for_user(principal)
    wanted = Q(pk__in=[])
    for _line, submission, _error in conflicts:
        wanted |= Q(source=submission.source, external_id=submission.external_id)
    bodies = {(source, number): body for source, number, body in visible.filter(wanted).values_list("source", "external_id", "body")}
    return [_conflict_problem(line, submission, error, bodies.get(submission.key)) for line, submission, error in conflicts]


def _conflict_problem(line: int, submission: EventSubmission, error: ConflictError, body: Mapping[str, Any] | None) -> Problem:
    if body is None:
        return _problem(line, str(error.message))
    changes = differences(body, body_of(submission))
    names = ", ".join("warranty" if name == "is_in_warranty" else name for name in changes)
    return _problem(line, f"{error.message} {_('What differs: %(names)s.') % {'names': names}}", changes)


def differences(on_record: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return [what is on record, what the row says] by field. Where the facts are the same it is the customer that differs, unshown."""
    names = sorted(name for name in on_record.keys() | said.keys() if on_record.get(name) != said.get(name))
    return {name: [_short(on_record.get(name)), _short(said.get(name))] for name in names} or {"customer": []}


def _short(value: Any) -> Any:
    text = str(value)
    return value if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _problem(line: int, reason: str, changes: Mapping[str, Any] | None = None) -> Problem:
    return Problem(line, reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 1]}…", dict(changes or {}))
