"""Rows into service events, a chunk a transaction: a kill leaves whole rows, and a second run repeats nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from rest_framework.exceptions import ValidationError

from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import ConflictError
from feedback_site.service_events.api.serializers import ServiceEventInput
from feedback_site.service_events.management.event_files.mapping import EventMapping
from feedback_site.service_events.management.event_files.reading import FileRow
from feedback_site.service_events.management.event_files.references import create_missing_references
from feedback_site.service_events.management.event_files.rows import body_of_row
from feedback_site.service_events.selectors import load_references
from feedback_site.service_events.services import EventSubmission, record_service_events

_CHUNK = 500


@dataclass
class ImportCounts:
    """What became of the rows; `read` is the sum of the others."""

    read: int = 0
    imported: int = 0
    completed: int = 0
    repeated: int = 0
    listed: int = 0


def import_rows(
    *, rows: Iterable[FileRow], mapping: EventMapping, list_row: Callable[[int, str], None], is_replayed: bool, is_dry_run: bool
) -> ImportCounts:
    """Record the event of every row; `list_row(line, reason)` is called for each that cannot be."""
    counts = ImportCounts()
    for chunk in _chunks(rows):
        at = database_now()
        with transaction.atomic():
            problems = _import_chunk(chunk, mapping, counts, at, is_replayed=is_replayed)
            transaction.set_rollback(is_dry_run)
        for line, reason in sorted(problems):
            list_row(line, reason)
    return counts


def _chunks(rows: Iterable[FileRow]) -> Iterator[list[FileRow]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk


def _import_chunk(
    chunk: list[FileRow], mapping: EventMapping, counts: ImportCounts, at: datetime, *, is_replayed: bool
) -> list[tuple[int, str]]:
    serializer = ServiceEventInput(context={"at": at, "references": load_references()})
    problems: list[tuple[int, str]] = []
    valid: list[tuple[int, EventSubmission]] = []
    for row in chunk:
        parsed = _parse(row, mapping, serializer)
        if isinstance(parsed, str):
            problems.append((row.line, parsed))
        else:
            valid.append((row.line, parsed))
    results = record_service_events(submissions=[submission for _line, submission in valid], at=at, is_replayed=is_replayed)
    for (line, submission), result in zip(valid, results, strict=True):
        if isinstance(result, ConflictError):
            problems.append((line, str(result.message)))
        elif result.is_new:
            counts.imported += 1
            counts.completed += submission.completed_at is not None
        else:
            counts.repeated += 1
    counts.read += len(chunk)
    counts.listed += len(problems)
    return problems


def _parse(row: FileRow, mapping: EventMapping, serializer: ServiceEventInput) -> EventSubmission | str:
    if row.problem:
        return row.problem
    body, wrong = body_of_row(row, mapping)
    create_missing_references(body, serializer.context["references"], mapping)
    try:
        submission = serializer.parse(body)
    except ValidationError as error:
        errors: dict[str, Any] = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        return "; ".join(_sentences({**errors, **wrong}))
    return "; ".join(_sentences(wrong)) or submission


def _sentences(errors: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, error in errors.items():
        if isinstance(error, Mapping):
            yield from _sentences(error, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}: {' '.join(str(sentence) for sentence in error)}"
