"""Rows of a file, one at a time: memory does not grow with the file."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from feedback_site.common.exceptions import DomainError

_LONGEST_CELL = 1_000_000


@dataclass(frozen=True)
class FileRow:
    """One row under the file's headings, all cells as text; `problem` says why it could not be read."""

    line: int
    cells: dict[str, str]
    problem: str = ""


def read_rows(path: Path, *, encoding: str) -> tuple[list[str], Iterator[FileRow]]:
    """Return the headings and the rows of a CSV or XLSX file. Raises `DomainError` where it is neither."""
    numbered = _read_workbook(path) if path.suffix.lower() == ".xlsx" else _read_csv(path, encoding)
    _line, headings, problem = next(numbered, (0, [], ""))
    headings = [heading.strip() for heading in headings]
    if problem or not any(headings):
        raise DomainError(_("The file has no headings."))
    twice = sorted({heading for heading in headings if heading and headings.count(heading) > 1})
    if twice:
        raise DomainError(_("The file has these headings twice: %(names)s.") % {"names": ", ".join(twice)})
    return headings, (_row(headings, line, cells, problem) for line, cells, problem in numbered)


def _row(headings: list[str], line: int, cells: list[str], problem: str) -> FileRow:
    if not problem and len(cells) != len(headings):
        problem = _("The row has %(count)d cells where the headings are %(expected)d.") % {"count": len(cells), "expected": len(headings)}
    if not problem and any("\udc80" <= character <= "\udcff" for cell in cells for character in cell):
        problem = _("The row is not written in the file's encoding.")
    return FileRow(line, dict(zip(headings, cells, strict=False)), problem)


def _read_csv(path: Path, encoding: str) -> Iterator[tuple[int, list[str], str]]:
    csv.field_size_limit(_LONGEST_CELL)
    # Bytes that are not text reach the row that holds them, which is listed, instead of ending the import.
    with path.open(encoding=encoding, errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield line, [], str(error)
                continue
            if cells is None:
                return
            if cells:
                yield line, cells, ""


def _read_workbook(path: Path) -> Iterator[tuple[int, list[str], str]]:
    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError) as error:
        raise DomainError(_("This is not a workbook: %(error)s") % {"error": type(error).__name__}) from None
    try:
        sheet = workbook.worksheets[0]
        width = 0
        for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [_text(value) for value in values]
            if not any(cells):
                continue
            width = width or max(index for index, cell in enumerate(cells, start=1) if cell)
            # Read-only sheets leave out empty cells at the end of a row and carry formatted ones beyond the table.
            yield line, [*islice(cells, width), *[""] * (width - len(cells))], ""
    finally:
        workbook.close()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
