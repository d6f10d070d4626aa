"""Files for spreadsheet programs, written row by row in constant memory.

Nothing in them is ever read as a formula.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

import xlsxwriter
from django.utils.translation import gettext_lazy as _

from feedback_site.common.exceptions import DomainError

Cell = str | int | float | Decimal | date | None

# OWASP, "CSV Injection": what spreadsheet programs take for
# the start of a formula, full-width forms included.
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_CONTROL_STARTS = ("\t", "\r", "\n")
_LONGEST_TEXT = 32_767
_MOST_ROWS = 1_048_576
# Spreadsheets calculate with doubles: a longer whole number would lose its last digits.
_LARGEST_EXACT = 2**53
_COLUMN_WIDTH = 18


class TooManyRowsError(DomainError):
    """More rows than an XLSX sheet can hold; a CSV file has no such limit."""


def neutralised(text: str) -> str:
    """Return `text` so that no spreadsheet program calculates it: with an apostrophe in front where it could.

    Only texts are changed: a number is a number cell, so negative ones stay what they are.
    """
    is_formula = text.startswith(_CONTROL_STARTS) or text.lstrip().startswith(_FORMULA_STARTS)
    return f"'{text}" if is_formula else text


class SheetWriter(Protocol):
    """One sheet that is being written."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def write_rows(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows."""


class CsvWriter:
    """RFC 4180 with a byte order mark, so that spreadsheet programs read Chinese."""

    def __init__(self, stream: BinaryIO) -> None:
        self._text = TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
        self._writer = csv.writer(self._text)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._text.flush()
        self._text.detach()  # the stream is its owner's to close

    def write_rows(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows; an empty cell is an empty text, a date is ISO 8601."""
        self._writer.writerows([_as_text(cell) for cell in row] for row in rows)


class XlsxWriter:
    """One sheet with a fixed head; numbers and dates are cells of their own kind, everything else is text."""

    def __init__(self, stream: BinaryIO, *, folder: Path | None = None) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(stream, {**options, "tmpdir": str(folder) if folder else None})
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, 200, _COLUMN_WIDTH)
        self._head = self._book.add_format({"bold": True})
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._row: int = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()  # also after an error: this removes its temporary files

    def write_rows(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Add rows, the first of all as the head; raises `TooManyRowsError` where the sheet ends."""
        for row in rows:
            if self._row >= _MOST_ROWS:
                raise TooManyRowsError(
                    _("An Excel sheet holds at most 1,048,575 rows. Choose CSV, or fewer rows.")
                )
            for column, cell in enumerate(row):
                self._write(column, cell)
            self._row += 1

    def _write(self, column: int, cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, date):
            self._sheet.write_datetime(self._row, column, cell, self._date)
        elif isinstance(cell, int | float | Decimal) and -_LARGEST_EXACT <= cell <= _LARGEST_EXACT:
            self._sheet.write_number(self._row, column, cell)
        else:
            text = (
                neutralised(str(cell)).replace("\r\n", "\n").replace("\r", "\n")
            )  # else some programs show `_x000D_`
            text = text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
            self._sheet.write_string(self._row, column, text, self._head if self._row == 0 else None)


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return neutralised(cell) if isinstance(cell, str) else str(cell)
