"""Rows of a file, one at a time: memory does not grow with the file."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import BinaryIO

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import listed
from feedback_site.common.table_files.encodings import encoding_name, shape_of
from feedback_site.common.table_files.heading_rows import (
    MOST_ABOVE,
    IsHeading,
    clean_heading,
    find_headings,
    headings_of,
    is_footnote,
    is_total,
    repeats_headings,
)
from feedback_site.common.table_files.limits import COMMAND, FileLimits
from feedback_site.common.table_files.marks import without_guard
from feedback_site.common.table_files.notes import NoteKind, TableNotes
from feedback_site.common.table_files.numbered import NumberedRow
from feedback_site.common.table_files.texts import opened_text
from feedback_site.common.table_files.workbooks import opened_workbook

__all__ = ["FileRow", "Table", "clean_heading", "open_table"]

_ZIP, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row under the file's headings, all cells as text; `problem` says why it could not be read.

    `marks` says by heading what the text of a cell does not: see `marks.CellMark`.
    """

    line: int
    cells: dict[str, str]
    problem: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """An open file: its headings, the rows that follow, their estimated number, and its encoding.

    A workbook has no encoding.

    `notes` fill while the rows are read. Days of the workbook count from 1904 where `is_1904` says so.
    """

    headings: list[str]
    rows: Iterator[FileRow]
    rows_estimate: int
    encoding: str = ""
    notes: TableNotes = field(default_factory=TableNotes)
    is_1904: bool = False


@contextmanager
def open_table(
    stream: BinaryIO,
    *,
    name: str,
    encoding: str = "",
    limits: FileLimits = COMMAND,
    is_heading: IsHeading | None = None,
) -> Iterator[Table]:
    """Give the table in a file by its content, which is CSV or XLSX; its name is not looked at.

    Raises `DomainError` where it is neither, or over a limit.

    Without an `encoding` it is found out. `is_heading` knows headings, so that what
    stands above them is told from them. The rows are to be read inside the block.
    """
    _refuse_large(stream, limits)
    stream.seek(0)
    head = stream.read(4)
    if head == _OLD_WORKBOOK:
        raise DomainError(_("This is an old type of workbook. Save it as .xlsx or as CSV."))
    if head == _ZIP or name.lower().endswith(".xlsx"):
        with opened_workbook(stream, limits=limits) as (about, rows):
            notes = TableNotes()
            notes.add_all(NoteKind.OTHER_SHEETS, about.other_sheets)
            notes.add_all(NoteKind.HIDDEN_SHEETS, about.hidden_sheets)
            table = _table(rows, about.rows, "", notes, is_heading, is_1904=about.is_1904)
            notes.add_all(NoteKind.HIDDEN_COLUMNS, _names_at(table.headings, about.hidden_columns))
            yield table
    else:
        shape = shape_of(stream, encoding=encoding)
        with opened_text(stream, shape=shape, limits=limits) as (estimate, rows):
            yield _table(rows, estimate, shape.encoding, TableNotes(), is_heading)


def _refuse_large(stream: BinaryIO, limits: FileLimits) -> None:
    size = stream.seek(0, 2)
    if size > limits.size:
        sentence = _("The file is larger than %(size)d MB. Split it into smaller files.")
        raise DomainError(sentence % {"size": limits.size // 1_000_000}, {"limit": "size"})


def _names_at(headings: list[str], positions: list[int]) -> list[str]:
    return [headings[position] or str(position + 1) for position in positions if position < len(headings)]


def _table(
    numbered: Iterator[NumberedRow],
    estimate: int,
    encoding: str,
    notes: TableNotes,
    is_heading: IsHeading | None,
    *,
    is_1904: bool = False,
) -> Table:
    first = list(islice(numbered, MOST_ABOVE))
    index = find_headings(first, is_heading) if first else 0
    headings = headings_of(first, index) if first else []
    if not headings or first[index].problem:
        raise DomainError(_("The file has no headings."))
    times = Counter(filter(None, headings))
    twice = sorted(heading for heading, count in times.items() if count > 1)
    if twice:
        raise DomainError(
            _("The file has these headings twice: %(names)s.") % {"names": listed(twice)}, {"columns": twice}
        )
    notes.add_all(NoteKind.ABOVE, [row.line for row in first[:index]])
    rows = _rows_below(headings, chain(first[index + 1 :], numbered), notes)
    return Table(
        headings,
        (_row(headings, row, encoding, notes) for row in rows),
        max(estimate - index, 0),
        encoding,
        notes,
        is_1904,
    )


def _rows_below(
    headings: list[str], numbered: Iterator[NumberedRow], notes: TableNotes
) -> Iterator[NumberedRow]:
    """Yield the rows of the table and note what else stands among them."""
    columns = len([heading for heading in headings if heading])
    for row in numbered:
        if row.problem:
            yield row
        elif is_total(row, columns):
            notes.add(NoteKind.TOTALS, row.line)
        elif is_footnote(row, columns):
            notes.add(NoteKind.FOOTNOTES, row.line)
        elif repeats_headings(row, headings):
            notes.add(NoteKind.HEADINGS_AGAIN, row.line)
        else:
            if row.is_hidden:
                notes.add(NoteKind.HIDDEN_ROWS, row.line)
            yield row


def _row(headings: list[str], row: NumberedRow, encoding: str, notes: TableNotes) -> FileRow:
    cells = row.cells
    if len(cells) > len(headings) and not any(cells[len(headings) :]):
        cells = cells[: len(headings)]
    elif not encoding and not row.problem:
        # A workbook does not store empty cells at the end of a row.
        cells = [*cells, *[""] * (len(headings) - len(cells))]
    problem = row.problem
    if not problem and len(cells) != len(headings):
        problem = _("The row has %(count)d cells where the headings are %(expected)d.") % {
            "count": len(cells),
            "expected": len(headings),
        }
    if not problem and encoding:
        problem = _undecodable(headings, cells, encoding)
    if not problem:
        untitled = [at for at, heading in enumerate(headings) if not heading]
        notes.add_all(NoteKind.UNTITLED, [at + 1 for at in untitled if cells[at].strip()])
    marks = {headings[position]: mark for position, mark in row.marks.items() if position < len(headings)}
    return FileRow(row.line, dict(zip(headings, map(without_guard, cells), strict=False)), problem, marks)


def _undecodable(headings: list[str], cells: list[str], encoding: str) -> str:
    """Return which cell holds bytes that are no text."""
    if _is_text("".join(cells)):
        return ""
    column = next(index for index, cell in enumerate(cells) if not _is_text(cell))
    sentence = _("Column %(number)d (%(name)s) is not written in %(encoding)s.")
    return sentence % {
        "number": column + 1,
        "name": headings[column] or "-",
        "encoding": encoding_name(encoding),
    }


def _is_text(text: str) -> bool:
    """Return whether no byte had to be put aside when this was decoded."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
