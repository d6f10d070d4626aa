"""Running an import: each transaction takes in a chunk of rows and moves the position.

A kill leaves whole chunks, and the next run goes on.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from django.db import OperationalError, transaction

from feedback_site.common.clock import Clock
from feedback_site.common.leased_jobs import RENEWED
from feedback_site.common.table_files import FileLimits, FileRow, NoteKind, Table
from feedback_site.service_events.enums import ImportOrigin, ImportStatus
from feedback_site.service_events.models import EventImport, EventImportProblem
from feedback_site.service_events.services.importing.jobs import IMPORTS
from feedback_site.service_events.services.importing.parsing import RowParser, make_row_parser, open_events
from feedback_site.service_events.services.importing.rows import ChunkOutcome, FileRowProblem, take_in

CHUNK = 500
_TRIES = 3


@dataclass
class Run:
    """One stretch of work on an import.

    It says which clock to read, whom to tell about each chunk, and when to pause.

    `stop_at` is a moment of `time.monotonic`; `tell` gets the import as it stands and the chunk's problems.
    """

    clock: Clock
    limits: FileLimits
    tell: Callable[[EventImport, Sequence[FileRowProblem]], None] = lambda _event_import, _problems: None
    stop_at: float | None = None
    began: float = field(default_factory=time.monotonic)

    def has_to_pause(self) -> bool:
        """Return whether its time is over."""
        return self.stop_at is not None and time.monotonic() >= self.stop_at


def run_file(event_import: EventImport, stream: BinaryIO, run: Run) -> bool:
    """Take in the rows behind the position; return whether that was all of them.

    The import is leased. Raises `LeaseLostError` where it is in
    other hands, `DomainError` where the file cannot be read on.
    """
    with open_events(
        stream, name=event_import.file_name, mapping=event_import.mapping, limits=run.limits
    ) as table:
        parse = make_row_parser(
            mapping=event_import.mapping, table=table, principal=event_import.requested_by
        )
        first = event_import.position
        for chunk in _chunks(table, parse, skip=first):
            problems = _take_chunk(event_import, chunk, parse, run, table, first=first)
            run.tell(event_import, problems)
            if run.has_to_pause():
                return False
        # What stands below the last row has been seen only now; `finish` writes it.
        event_import.notes = table.notes.sentences()
    return True


def finish(event_import: EventImport, *, at: datetime) -> None:
    """Close an import that has been read to its end.

    A checked upload waits for a go, everything else is done.
    """
    is_check = event_import.is_dry_run and event_import.origin == ImportOrigin.UPLOAD
    IMPORTS.end(
        event_import,
        status=ImportStatus.CHECKED if is_check else ImportStatus.DONE,
        at=at,
        rows_total=event_import.position,
        notes=event_import.notes,
    )


def _chunks(table: Table, parse: RowParser, *, skip: int) -> Iterator[list[FileRow]]:
    """Yield the rows behind the first ones in chunks.

    A chunk does not part the rows of a case, unless these are very many.
    """
    chunk: list[FileRow] = []
    above: FileRow | None = None
    for number, row in enumerate(table.rows):
        goes_on = above is not None and parse.goes_on(row, above)
        if goes_on:
            table.notes.add(NoteKind.CONTINUED, row.line)
        above = row
        if number < skip:
            continue
        if len(chunk) >= CHUNK and (not goes_on or len(chunk) >= 2 * CHUNK):
            yield chunk
            chunk = []
        chunk.append(row)
    if chunk:
        yield chunk


def _take_chunk(
    event_import: EventImport, chunk: list[FileRow], parse: RowParser, run: Run, table: Table, *, first: int
) -> Sequence[FileRowProblem]:
    """Take in one chunk; on a deadlock with other intake it starts again, whole."""
    for tries_left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                held = IMPORTS.lock_held(event_import)
                at = run.clock()
                with transaction.atomic():
                    outcome = take_in(chunk, parse, held, at=at)
                    transaction.set_rollback(held.is_dry_run)
                _move_on(held, outcome, len(chunk), at=at)
                seconds = max(time.monotonic() - run.began, 0.001)
                held.rows_per_second = round((held.position - first) / seconds)
                held.rows_total = max(table.rows_estimate, held.position)
                held.notes = table.notes.sentences()
                held.save(update_fields=_MOVED)
            break
        except OperationalError:
            if not tries_left:
                raise
    for name in _MOVED:
        setattr(event_import, name, getattr(held, name))
    return outcome.problems


_MOVED = [
    *(
        "position",
        "imported",
        "completed",
        "continued",
        "repeated",
        "listed",
        "warned",
        "notes",
        "rows_per_second",
        "rows_total",
    ),
    *RENEWED,
]


def _move_on(held: EventImport, outcome: ChunkOutcome, rows: int, *, at: datetime) -> None:
    EventImportProblem.objects.bulk_create(
        EventImportProblem(event_import=held, **problem._asdict()) for problem in outcome.problems
    )
    if outcome.customers is not None:
        outcome.customers.save()
    held.position += rows
    held.imported += outcome.imported
    held.completed += outcome.completed
    held.continued += outcome.continued
    held.repeated += outcome.repeated
    taken_in = sum(problem.is_taken_in for problem in outcome.problems)
    held.listed += len(outcome.problems) - taken_in
    held.warned += taken_in
    held.renew(at=at)
