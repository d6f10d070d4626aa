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
from feedback_site.common.listing import in_sequence, listed
from feedback_site.common.table_files import FileRow
from feedback_site.service_events.models import EventImport, ServiceEvent
from feedback_site.service_events.services.importing.access import sender_of
from feedback_site.service_events.services.importing.grouping import Case, cases_of
from feedback_site.service_events.services.importing.parsing import ParsedRow, RowParser
from feedback_site.service_events.services.importing.same_customers import PROBLEM, FileCustomers
from feedback_site.service_events.services.recording import RecordedEvent, record_service_events
from feedback_site.service_events.services.submissions import body_of

_LONGEST_REASON = 1000
_LONGEST_VALUE = 200


Conflict = tuple[Case, ConflictError]


class Problem(NamedTuple):
    """A row that was not taken in, why, and what it says otherwise than what is on record; or what was left out of one that was."""

    line: int
    reason: str
    changes: dict[str, Any]
    is_taken_in: bool = False


@dataclass
class Outcome:
    """What became of the rows of a chunk."""

    imported: int = 0
    completed: int = 0
    repeated: int = 0
    problems: list[Problem] = field(default_factory=list)
    # What the rows said of their customers; the caller saves it, also where the rest is only tried.
    customers: FileCustomers | None = None


def take_in(rows: Sequence[FileRow], parse: RowParser, event_import: EventImport, *, at: datetime) -> Outcome:
    """Record the events of the rows, in the caller's transaction. A row that the database refuses is listed like any other."""
    outcome = Outcome(problems=[_problem(row.line, row.problem) for row in rows if row.problem])
    readable = [row for row in rows if not row.problem]
    valid: list[tuple[int, ParsedRow]] = []
    for row, parsed in zip(readable, parse(readable, at), strict=True):
        if isinstance(parsed, str):
            outcome.problems.append(_problem(row.line, parsed))
        else:
            valid.append((row.line, parsed))
    cases = _of_known_customers(cases_of(valid), outcome, event_import)
    conflicts = _record(cases, outcome, principal=sender_of(event_import), is_replayed=event_import.is_replayed, at=at)
    outcome.problems += _conflict_problems(conflicts, event_import.requested_by)
    outcome.problems.sort(key=lambda problem: problem.line)
    return outcome


def _of_known_customers(cases: Sequence[Case], outcome: Outcome, event_import: EventImport) -> list[Case]:
    """Return the cases whose customer number names the same person as before in the file; the others are listed for a decision."""
    outcome.customers = FileCustomers(event_import, cases)
    kept = []
    for case in cases:
        refusal = outcome.customers.refusal(case)
        if refusal:
            outcome.problems += [_problem(line, refusal, {PROBLEM: []}) for line in case.lines]
        else:
            kept.append(case)
    return kept


def _record(cases: Sequence[Case], outcome: Outcome, *, principal: User | None, is_replayed: bool, at: datetime) -> list[Conflict]:
    """Record what can be and return the conflicts; where one case would take the others down, they go one by one."""
    try:
        with transaction.atomic():
            results = record_service_events(
                submissions=[case.parsed.submission for case in cases], principal=principal, at=at, is_replayed=is_replayed
            )
    except (DataError, IntegrityError):
        if len(cases) == 1:
            sentence = _("The database refuses this row: a value is too long or contradicts another.")
            outcome.problems += [_problem(line, sentence) for line in cases[0].lines]
            return []
        return [conflict for case in cases for conflict in _record([case], outcome, principal=principal, is_replayed=is_replayed, at=at)]
    conflicts = []
    for case, result in zip(cases, results, strict=True):
        if isinstance(result, RecordedEvent):
            _count(case, result, outcome)
        else:
            conflicts.append((case, result))
    return conflicts


def _count(case: Case, recorded: RecordedEvent, outcome: Outcome) -> None:
    """Count a case that is on record now; its further rows say nothing that is not."""
    outcome.imported += recorded.is_new
    outcome.completed += recorded.is_new and case.parsed.submission.completed_at is not None
    outcome.repeated += len(case.lines) - recorded.is_new
    if case.parsed.warnings:
        outcome.problems.append(_problem(case.lines[0], in_sequence(case.parsed.warnings), is_taken_in=True))


def _conflict_problems(conflicts: Sequence[Conflict], principal: User | None) -> list[Problem]:
    """Say what differs, where the reader may see the event on record."""
    if not conflicts:
        return []
    visible = ServiceEvent.objects.all() if principal is None else ServiceEvent.objects.for_user(principal)
    wanted = Q(pk__in=[])
    for case, _error in conflicts:
        wanted |= Q(source=case.parsed.submission.source, external_id=case.parsed.submission.external_id)
    bodies = {(source, number): body for source, number, body in visible.filter(wanted).values_list("source", "external_id", "body")}
    return [problem for case, error in conflicts for problem in _conflict_problem(case, error, bodies.get(case.parsed.submission.key))]


def _conflict_problem(case: Case, error: ConflictError, body: Mapping[str, Any] | None) -> list[Problem]:
    if body is None:
        return [_problem(line, str(error.message)) for line in case.lines]
    changes = differences(body, body_of(case.parsed.submission))
    names = listed("warranty" if name == "is_in_warranty" else name for name in changes)
    return [_problem(line, f"{error.message} {_('What differs: %(names)s.') % {'names': names}}", changes) for line in case.lines]


def differences(on_record: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return [what is on record, what the row says] by field. Where the facts are the same it is the customer that differs, unshown."""
    names = sorted(name for name in on_record.keys() | said.keys() if on_record.get(name) != said.get(name))
    return {name: [_short(on_record.get(name)), _short(said.get(name))] for name in names} or {"customer": []}


def _short(value: Any) -> Any:
    text = str(value)
    return value if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _problem(line: int, reason: str, changes: Mapping[str, Any] | None = None, *, is_taken_in: bool = False) -> Problem:
    short = reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 1]}…"
    return Problem(line, short, dict(changes or {}), is_taken_in)
