"""Rows into service events."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from rest_framework.exceptions import ValidationError

from feedback_site.common.exceptions import ConflictError
from feedback_site.common.table_files import FileRow, ImportCounts, RowProblem, import_in_chunks, sentences_of
from feedback_site.service_events.api.serializers import ServiceEventInput
from feedback_site.service_events.management.event_files.mapping import EventMapping
from feedback_site.service_events.management.event_files.references import create_missing_references
from feedback_site.service_events.management.event_files.rows import body_of_row
from feedback_site.service_events.selectors import load_references
from feedback_site.service_events.services import EventSubmission, record_service_events


@dataclass
class EventCounts(ImportCounts):
    """What became of the rows; `completed` says how many of the imported events are over."""

    completed: int = 0


def import_rows(
    *, rows: Iterable[FileRow], mapping: EventMapping, list_row: Callable[[int, str], None], is_replayed: bool, is_dry_run: bool
) -> EventCounts:
    """Record the event of every row; `list_row(line, reason)` is called for each that cannot be."""
    counts = EventCounts()
    take_in = partial(_take_in, mapping=mapping, counts=counts, is_replayed=is_replayed)
    import_in_chunks(rows=rows, counts=counts, take_in=take_in, list_row=list_row, is_dry_run=is_dry_run)
    return counts


def _take_in(chunk: list[FileRow], at: datetime, *, mapping: EventMapping, counts: EventCounts, is_replayed: bool) -> list[RowProblem]:
    serializer = ServiceEventInput(context={"at": at, "references": load_references()})
    problems: list[RowProblem] = []
    valid: list[tuple[int, EventSubmission]] = []
    for row in chunk:
        parsed = _parse(row, mapping, serializer)
        if isinstance(parsed, str):
            problems.append(RowProblem(row.line, parsed))
        else:
            valid.append((row.line, parsed))
    results = record_service_events(submissions=[submission for _line, submission in valid], at=at, is_replayed=is_replayed)
    for (line, submission), result in zip(valid, results, strict=True):
        if isinstance(result, ConflictError):
            problems.append(RowProblem(line, str(result.message)))
        elif result.is_new:
            counts.imported += 1
            counts.completed += submission.completed_at is not None
        else:
            counts.repeated += 1
    return problems


def _parse(row: FileRow, mapping: EventMapping, serializer: ServiceEventInput) -> EventSubmission | str:
    body, wrong = body_of_row(row, mapping)
    create_missing_references(body, serializer.context["references"], mapping)
    try:
        submission = serializer.parse(body)
    except ValidationError as error:
        errors: dict[str, Any] = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        return "; ".join(sentences_of({**errors, **wrong}))
    return "; ".join(sentences_of(wrong)) or submission
