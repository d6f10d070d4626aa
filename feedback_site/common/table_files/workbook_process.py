"""Reads the first visible sheet of a workbook in a process of bounded memory and time.

Started by `workbooks`.

Standard input is the workbook (a file, not a pipe), the only argument the limits as JSON.
Standard output is a line of JSON for each row that says something, `[line, [cells] or
"problem", {position: mark}, is hidden]`, between what is known of the workbook (`{"rows":
estimate, ...}`) and `{"end": true}`; what ends it early is `{"error": word}`. It imports
nothing of the site: a workbook costs one small interpreter, not another copy of Django.
"""

import json
import os
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import chain
from typing import Any, BinaryIO, NoReturn

_SMALL = 1_000_000  # what is smaller unpacked may be packed as well as it likes
_WORKBOOK_ENTRY = "[Content_Types].xml"
_INEXACT = 10**15  # spreadsheet programs keep 15 digits
_MAC_EPOCH = 1904
_LOOKED_AT = 1000
_TRUE = {"1", "true"}
# One zero only is how an amount is shown, `"¥"0`: what stands before it is no part of a number.
_PADDED = re.compile(r'(?:"(?P<before>[^"]*)")?(?P<zeros>00+)(?:_.)?')


class WorkbookRefusedError(Exception):
    """The workbook is over a limit; the word says which."""


def refuse(word: str) -> NoReturn:
    """End the reading with a word."""
    raise WorkbookRefusedError(word)


def main() -> None:
    """Read standard input as a workbook."""
    limits = json.loads(sys.argv[1])
    bound(limits)
    stream = os.fdopen(0, "rb")
    try:
        check_archive(stream, limits)
        _write_rows(stream, limits)
    except WorkbookRefusedError as refused:
        _write({"error": str(refused)})
    except (MemoryError, SystemError):  # C code says the latter where it gets no memory
        _write({"error": "memory"})
    except BrokenPipeError:
        os._exit(1)  # the parent reads no more
    except Exception as error:  # noqa: BLE001 - whatever a broken workbook raises, it is one
        _write({"error": "entities" if is_forbidden(error) else "workbook", "kind": type(error).__name__})


def is_forbidden(error: BaseException | None) -> bool:
    """Return whether the cause is a declaration that defusedxml refuses; openpyxl wraps it."""
    return error is not None and (
        type(error).__module__.startswith("defusedxml") or is_forbidden(error.__context__)
    )


def bound(limits: dict[str, int]) -> None:
    """Bound memory and time of this process."""
    for kind, wanted in (
        (resource.RLIMIT_AS, limits["child_memory"]),
        (resource.RLIMIT_CPU, limits["child_seconds"]),
    ):
        _soft, hard = resource.getrlimit(kind)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check_archive(stream: BinaryIO, limits: dict[str, int]) -> None:
    """Add up what the entries say of themselves.

    Reading stops where an entry said it would, so that a lie gains nothing.
    """
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
    if len(entries) > limits["entries"]:
        refuse("entries")
    if all(entry.filename != _WORKBOOK_ENTRY for entry in entries):
        refuse("workbook")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits["unpacked"]:
        refuse("unpacked")
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > _SMALL and unpacked > limits["ratio"] * max(packed, 1):
        refuse("ratio")
    stream.seek(0)


def _write_rows(stream: BinaryIO, limits: dict[str, int]) -> None:
    from openpyxl import DEFUSEDXML, load_workbook  # noqa: PLC0415 - not before the archive has been looked at

    if not DEFUSEDXML:
        refuse("defusedxml")
    workbook = load_workbook(stream, read_only=True, data_only=True)
    sheets: list[Any] = list(workbook.worksheets)
    sheet = next((sheet for sheet in sheets if sheet.sheet_state == "visible"), sheets[0])
    others = list(filter(_says_something, (other for other in sheets if other is not sheet)))
    with sheet._get_source() as source:  # noqa: SLF001 - the only way to rows with their attributes in constant memory
        reader = _Reader(sheet, source, limits)
        rows = _rows(reader, limits)
        first = next(rows, None)
        _write(
            {
                "rows": max((sheet.max_row or 1) - 1, 0),
                "is_1904": workbook.epoch.year == _MAC_EPOCH,
                "other_sheets": [other.title for other in others if other.sheet_state == "visible"],
                "hidden_sheets": [other.title for other in others if other.sheet_state != "visible"],
                "hidden_columns": reader.hidden_columns(),
            }
        )
        for row in chain([first] if first else [], rows):
            _write(row)
    _write({"end": True})


def _says_something(sheet: Any) -> bool:
    """Return whether a sheet holds anything; spreadsheet programs add empty ones."""
    return any(
        value is not None for row in sheet.iter_rows(values_only=True, max_row=_LOOKED_AT) for value in row
    )


class _Reader:
    """The rows of a sheet with what openpyxl's own read-only rows do not say.

    Marks of cells, hidden rows and columns.
    """

    def __init__(self, sheet: Any, source: Any, limits: dict[str, int]) -> None:
        from openpyxl.worksheet._reader import WorkSheetParser  # noqa: PLC0415 - not before the archive has been looked at

        book = sheet.parent
        self.columns = limits["columns"]
        self.shown = _zero_padded(book)
        kind: Any = WorkSheetParser
        self.parser = kind(
            source,
            sheet._shared_strings,  # noqa: SLF001 - as openpyxl's own read-only sheet does
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001 - the same
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001 - the same
        )
        self.read_cell = self.parser.parse_cell
        self.parser.parse_cell = self.cell

    def rows(self) -> Iterator[tuple[int, list[dict[str, Any]], bool]]:
        """Yield line, cells and whether the row is hidden."""
        for line, cells in self.parser.parse():
            attributes = self.parser.row_dimensions.pop(str(line), {})
            yield line, cells, attributes.get("hidden") in _TRUE

    def hidden_columns(self) -> list[int]:
        """Return the positions of hidden columns, from 0."""
        spans = [column for column in self.parser.column_dimensions.values() if column.get("hidden") in _TRUE]
        positions = {
            at for span in spans for at in range(int(span["min"]) - 1, min(int(span["max"]), self.columns))
        }
        return sorted(positions)

    def cell(self, element: Any) -> dict[str, Any]:
        """Return a cell with its text and its mark."""
        cell: dict[str, Any] = self.read_cell(element)
        value = cell["value"]
        cell["text"] = _text(value)
        cell["mark"] = ""
        if cell["data_type"] == "e":
            cell["text"], cell["mark"] = "", "error"
        elif value is None and element.get("t") != "str" and any(part.tag.endswith("}f") for part in element):
            cell["mark"] = "formula"
        elif cell["data_type"] == "d" and value is not None:
            cell["mark"] = "date"
        elif cell["data_type"] == "n" and value is not None:
            before, width = self.shown.get(cell["style_id"], ("", 0))
            cell["text"] = before + cell["text"].zfill(width)
            cell["mark"] = "lost" if abs(value) >= _INEXACT else ""
        return cell


def _zero_padded(book: Any) -> dict[int, tuple[str, int]]:
    """Return by style what is shown before a number and how many digits of it.

    12 is read as 0012 or T-0012 where people see that.
    """
    formats = {164 + index: code for index, code in enumerate(book._number_formats)}  # noqa: SLF001 - the same
    codes = {index: formats.get(style.numFmtId, "") for index, style in enumerate(book._cell_styles)}  # noqa: SLF001 - the same
    found = {index: _PADDED.fullmatch(code.split(";")[0]) for index, code in codes.items()}
    return {
        index: (padded["before"] or "", len(padded["zeros"])) for index, padded in found.items() if padded
    }


def _is_filled(cell: dict[str, Any]) -> bool:
    return bool(cell["text"] or cell["mark"])


def _rows(reader: _Reader, limits: dict[str, int]) -> Iterator[list[Any]]:
    width = written = 0
    for line, found, is_hidden in reader.rows():
        said = list(filter(_is_filled, found))
        used = max((cell["column"] for cell in said), default=0)
        if not used:
            continue
        written += 1
        if written > limits["rows"] + 1:
            refuse("rows")
        width = width or used
        if used > limits["columns"]:
            yield [line, "columns", {}, is_hidden]
            continue
        cells = [""] * max(width, used)
        for cell in said:
            cells[cell["column"] - 1] = cell["text"]
        if any(len(text) > limits["cell_characters"] for text in cells):
            yield [line, "cell", {}, is_hidden]
        else:
            yield [
                line,
                cells,
                {cell["column"] - 1: cell["mark"] for cell in said if cell["mark"]},
                is_hidden,
            ]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _write(message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    if isinstance(message, dict):
        sys.stdout.flush()


if __name__ == "__main__":
    main()
