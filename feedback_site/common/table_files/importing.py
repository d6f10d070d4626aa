"""Rows taken in a chunk a transaction.

Memory stays the same, a kill leaves whole rows, and a second run repeats nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from django.db import transaction

from feedback_site.common.clock import database_now
from feedback_site.common.table_files.reading import FileRow

CHUNK = 500


class RowProblem(NamedTuple):
    """A row that was not taken in, and why."""

    line: int
    reason: str


@dataclass
class ImportCounts:
    """What became of the rows; `read` is the sum of the others."""

    read: int = 0
    imported: int = 0
    repeated: int = 0
    listed: int = 0

    def __str__(self) -> str:
        return f"read {self.read}, imported {self.imported}, repeated {self.repeated}, listed {self.listed}"


def import_in_chunks(
    *,
    rows: Iterable[FileRow],
    counts: ImportCounts,
    take_in: Callable[[list[FileRow], datetime], list[RowProblem]],
    list_row: Callable[[int, str], None],
    is_dry_run: bool,
) -> None:
    """Hand the rows over in chunks.

    `take_in` counts those it imports or knows already and returns the others, which are listed.
    """
    for chunk in _chunks(rows):
        at = database_now()
        with transaction.atomic():
            problems = [RowProblem(row.line, row.problem) for row in chunk if row.problem]
            problems += take_in([row for row in chunk if not row.problem], at)
            transaction.set_rollback(is_dry_run)
        counts.read += len(chunk)
        counts.listed += len(problems)
        for problem in sorted(problems):
            list_row(*problem)


def _chunks(rows: Iterable[FileRow]) -> Iterator[list[FileRow]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
