"""A chunk of rows taken in: what became of each, and why the others were not."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import in_sequence, listed
from feedback_site.common.table_files import FileRow
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.models import EventImport, ServiceEvent
from feedback_site.service_events.services.corrections import SENT_AS
from feedback_site.service_events.services.importing.access import sender_of
from feedback_site.service_events.services.importing.grouping import Case, cases_of
from feedback_site.service_events.services.importing.later_facts import add_later_facts, contradictions
from feedback_site.service_events.services.importing.parsing import ParsedRow, RowParser
from feedback_site.service_events.services.importing.same_customers import PROBLEM, FileCustomers
from feedback_site.service_events.services.recording import (
    OtherContentError,
    RecordedEvent,
    record_service_events,
)

_LONGEST_REASON = 1000
_LONGEST_VALUE = 200


Conflict = tuple[Case, OtherContentError]


class FileRowProblem(NamedTuple):
    """A row that was not taken in, why, and where it differs from what is on record.

    Or what was left out of a row that was taken in.
    """

    line: int
    reason: str
    changes: dict[str, Any]
    is_taken_in: bool = False


@dataclass
class ChunkOutcome:
    """What became of the rows of a chunk."""

    imported: int = 0
    completed: int = 0
    continued: int = 0
    repeated: int = 0
    problems: list[FileRowProblem] = field(default_factory=list)
    # What the rows said of their customers; the caller saves it, also where the rest is only tried.
    customers: FileCustomers | None = None


def take_in(
    rows: Sequence[FileRow], parse: RowParser, event_import: EventImport, *, at: datetime
) -> ChunkOutcome:
    """Record the events of the rows, in the caller's transaction.

    A row that the database refuses is listed like any other.
    """
    outcome = ChunkOutcome(problems=[_problem(row.line, row.problem) for row in rows if row.problem])
    readable = [row for row in rows if not row.problem]
    valid: list[tuple[int, ParsedRow]] = []
    for row, parsed in zip(readable, parse(readable, at), strict=True):
        if isinstance(parsed, str):
            outcome.problems.append(_problem(row.line, parsed))
        else:
            valid.append((row.line, parsed))
    cases = _of_known_customers(cases_of(valid), outcome, event_import)
    conflicts = _record(
        cases, outcome, principal=sender_of(event_import), is_replayed=event_import.is_replayed, at=at
    )
    _look_again(conflicts, outcome, parse, event_import.requested_by, at)
    outcome.problems.sort(key=lambda problem: problem.line)
    return outcome


def _of_known_customers(
    cases: Sequence[Case], outcome: ChunkOutcome, event_import: EventImport
) -> list[Case]:
    """Return the cases whose customer number names the same person as before in the file.

    The others are listed for a decision.
    """
    outcome.customers = FileCustomers(event_import, cases)
    kept = []
    for case in cases:
        refusal = outcome.customers.refusal(case)
        if refusal:
            outcome.problems += [_problem(line, refusal, {PROBLEM: []}) for line in case.lines]
        else:
            kept.append(case)
    return kept


def _record(
    cases: Sequence[Case], outcome: ChunkOutcome, *, principal: User | None, is_replayed: bool, at: datetime
) -> list[Conflict]:
    """Record what can be recorded and return the conflicts.

    Where one case would take the others down, they go one by one.
    """
    try:
        with transaction.atomic():
            results = record_service_events(
                submissions=[case.parsed.submission for case in cases],
                principal=principal,
                at=at,
                is_replayed=is_replayed,
            )
    except (DataError, IntegrityError):
        if len(cases) == 1:
            sentence = _("The database refuses this row: a value is too long or contradicts another.")
            outcome.problems += [_problem(line, sentence) for line in cases[0].lines]
            return []
        return [
            conflict
            for case in cases
            for conflict in _record([case], outcome, principal=principal, is_replayed=is_replayed, at=at)
        ]
    conflicts = []
    for case, result in zip(cases, results, strict=True):
        if isinstance(result, RecordedEvent):
            _count(case, result, outcome, at)
        else:
            conflicts.append((case, result))
    return conflicts


def _count(case: Case, recorded: RecordedEvent, outcome: ChunkOutcome, at: datetime) -> None:
    """Count a case that is on record now; its further rows say nothing that is not."""
    added, warnings = _added(recorded.event, case, at) if case.parsed.later else ([], [])
    is_continued = bool(added) and not recorded.is_new
    outcome.imported += recorded.is_new
    outcome.continued += is_continued
    outcome.completed += recorded.is_new and case.parsed.submission.completed_at is not None
    outcome.repeated += len(case.lines) - recorded.is_new - is_continued
    warnings = [*case.parsed.warnings, *warnings]
    if warnings:
        outcome.problems.append(_problem(case.lines[0], in_sequence(warnings), is_taken_in=True))


def _added(event: ServiceEvent, case: Case, at: datetime) -> tuple[list[TransitionType], list[str]]:
    """Return what a row added to an event that says the same otherwise, or why it could not."""
    try:
        return add_later_facts(event, case.parsed, at=at), []
    except DomainError as error:
        return [], [_sentence_of(error)]


def _look_again(
    conflicts: Sequence[Conflict],
    outcome: ChunkOutcome,
    parse: RowParser,
    principal: User | None,
    at: datetime,
) -> None:
    """Add what rows only add to their events, and list the others with what differs.

    A difference is shown where the reader may see the event on record.
    """
    visible = _events_of(conflicts, principal)
    for case, error in conflicts:
        event = visible.get(error.event_id)
        if event is None:
            outcome.problems += [_problem(line, str(error.message)) for line in case.lines]
            continue
        differing = contradictions(event, case.parsed.submission)
        if differing:
            outcome.problems += _contradiction_problems(case, differing, parse)
        else:
            _continue(event, case, outcome, at)


def _events_of(conflicts: Sequence[Conflict], principal: User | None) -> dict[uuid.UUID, ServiceEvent]:
    if not conflicts:
        return {}
    events = ServiceEvent.objects.all() if principal is None else ServiceEvent.objects.for_user(principal)
    related = ("kind", "channel", "team", "agent", "customer")
    return {
        event.pk: event
        for event in events.filter(pk__in={error.event_id for _case, error in conflicts}).select_related(
            *related
        )
    }


def _continue(event: ServiceEvent, case: Case, outcome: ChunkOutcome, at: datetime) -> None:
    try:
        added = add_later_facts(event, case.parsed, at=at)
    except DomainError as error:
        outcome.problems += [_problem(line, _sentence_of(error)) for line in case.lines]
        return
    outcome.continued += bool(added)
    outcome.completed += TransitionType.COMPLETED in added
    outcome.repeated += len(case.lines) - bool(added)
    if case.parsed.warnings:
        outcome.problems.append(_problem(case.lines[0], in_sequence(case.parsed.warnings), is_taken_in=True))


def _contradiction_problems(
    case: Case, differing: Mapping[str, Any], parse: RowParser
) -> list[FileRowProblem]:
    names = listed(parse.column_of(SENT_AS.get(name, name)) for name in differing)
    changes = {name: [_shown(name, value, parse) for value in pair] for name, pair in differing.items()}
    sentence = _(
        "This service event is on record with other content. Correct the row, or, where the record is wrong, "
        "correct the service event."
    )
    remark = _("What differs: %(names)s.") % {"names": names}
    return [_problem(line, f"{sentence} {remark}", changes) for line in case.lines]


def _sentence_of(error: DomainError) -> str:
    fields: Mapping[str, Sequence[str]] = error.extra.get("fields", {})
    return in_sequence(str(sentence) for sentences in fields.values() for sentence in sentences) or str(
        error.message
    )


def _shown(name: str, value: Any, parse: RowParser) -> Any:
    return parse.in_its_zone(value) if name.endswith("_at") and isinstance(value, str) else _short(value)


def _short(value: Any) -> Any:
    text = str(value)
    return value if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _problem(
    line: int, reason: str, changes: Mapping[str, Any] | None = None, *, is_taken_in: bool = False
) -> FileRowProblem:
    short = reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 1]}…"
    return FileRowProblem(line, short, dict(changes or {}), is_taken_in)
