"""Rows of a file, one at a time: memory does not grow with the file."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import listed
from feedback_site.common.table_files.encodings import encoding_name, shape_of
from feedback_site.common.table_files.limits import COMMAND, FileLimits
from feedback_site.common.table_files.numbered import NumberedRow
from feedback_site.common.table_files.texts import opened_text
from feedback_site.common.table_files.workbooks import opened_workbook

_ZIP, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row under the file's headings, all cells as text; `problem` says why it could not be read."""

    line: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """An open file: its headings, the rows that follow, how many they are by estimate, and the encoding (none: a workbook)."""

    headings: list[str]
    rows: Iterator[FileRow]
    rows_estimate: int
    encoding: str = ""


@contextmanager
def open_table(stream: BinaryIO, *, name: str, encoding: str = "", limits: FileLimits = COMMAND) -> Iterator[Table]:
    """Give the table in a CSV or XLSX file, whatever its name says. Raises `DomainError` where it is neither, or over a limit.

    Without an `encoding` it is found out. The rows are to be read inside the block.
    """
    _refuse_large(stream, limits)
    stream.seek(0)
    head = stream.read(4)
    if head == _OLD_WORKBOOK:
        raise DomainError(_("This is an old type of workbook. Save it as .xlsx or as CSV."))
    if head == _ZIP or name.lower().endswith(".xlsx"):
        with opened_workbook(stream, limits=limits) as (estimate, rows):
            yield _table(rows, estimate, "")
    else:
        shape = shape_of(stream, encoding=encoding)
        with opened_text(stream, shape=shape, limits=limits) as (estimate, rows):
            yield _table(rows, estimate, shape.encoding)


def clean_heading(text: str) -> str:
    """Return a heading without what nobody sees or means: surrounding and double spaces, full-width letters and punctuation."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("。", ".").replace("\ufeff", "").split())


def _refuse_large(stream: BinaryIO, limits: FileLimits) -> None:
    size = stream.seek(0, 2)
    if size > limits.size:
        sentence = _("The file is larger than %(size)d MB. Split it into smaller files.")
        raise DomainError(sentence % {"size": limits.size // 1_000_000}, {"limit": "size"})


def _table(numbered: Iterator[NumberedRow], estimate: int, encoding: str) -> Table:
    first = next(numbered, NumberedRow(0, []))
    headings = [clean_heading(heading) for heading in first.cells]
    while headings and not headings[-1]:
        headings.pop()
    if first.problem or not headings:
        raise DomainError(_("The file has no headings."))
    twice = sorted({heading for heading in headings if heading and headings.count(heading) > 1})
    if twice:
        raise DomainError(_("The file has these headings twice: %(names)s.") % {"names": listed(twice)}, {"columns": twice})
    return Table(headings, (_row(headings, row, encoding) for row in numbered), estimate, encoding)


def _row(headings: list[str], row: NumberedRow, encoding: str) -> FileRow:
    cells = row.cells
    if len(cells) > len(headings) and not any(cells[len(headings) :]):
        cells = cells[: len(headings)]
    problem = row.problem
    if not problem and len(cells) != len(headings):
        problem = _("The row has %(count)d cells where the headings are %(expected)d.") % {"count": len(cells), "expected": len(headings)}
    if not problem and encoding:
        problem = _undecodable(headings, cells, encoding)
    return FileRow(row.line, dict(zip(headings, cells, strict=False)), problem)


def _undecodable(headings: list[str], cells: list[str], encoding: str) -> str:
    """Return which cell holds bytes that are no text."""
    if _is_text("".join(cells)):
        return ""
    column = next(index for index, cell in enumerate(cells) if not _is_text(cell))
    sentence = _("Column %(number)d (%(name)s) is not written in %(encoding)s.")
    return sentence % {"number": column + 1, "name": headings[column] or "-", "encoding": encoding_name(encoding)}


def _is_text(text: str) -> bool:
    """Return whether no byte had to be put aside when this was decoded."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
