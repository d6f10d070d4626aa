"""Reads the first sheet of a workbook in a process of its own, whose memory and time are bounded. Started by `workbooks`.

Standard input is the workbook (a file, not a pipe), the only argument the limits as JSON. Standard output is a line of JSON for each row
that says something, `[line, [cells]]` or `[line, "problem"]`, between `{"rows": estimate}` and `{"end": true}`; what ends it early is
`{"error": word}`. It imports nothing of the site: a workbook costs one small interpreter, not another copy of Django.
"""

import json
import os
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO, NoReturn

_SMALL = 1_000_000  # what is smaller unpacked may be packed as well as it likes
_WORKBOOK_ENTRY = "[Content_Types].xml"


class RefusedError(Exception):
    """The workbook is over a limit; the word says which."""


def refuse(word: str) -> NoReturn:
    """End the reading with a word."""
    raise RefusedError(word)


def main() -> None:
    """Read standard input as a workbook."""
    limits = json.loads(sys.argv[1])
    bound(limits)
    stream = os.fdopen(0, "rb")
    try:
        check_archive(stream, limits)
        _write_rows(stream, limits)
    except RefusedError as refused:
        _write({"error": str(refused)})
    except (MemoryError, SystemError):  # C code says the latter where it gets no memory
        _write({"error": "memory"})
    except BrokenPipeError:
        os._exit(1)  # nobody reads any more
    except Exception as error:  # noqa: BLE001 - whatever a broken workbook raises, it is one
        _write({"error": "entities" if is_forbidden(error) else "workbook", "kind": type(error).__name__})


def is_forbidden(error: BaseException | None) -> bool:
    """Return whether the cause is a declaration that defusedxml refuses; openpyxl wraps it."""
    return error is not None and (type(error).__module__.startswith("defusedxml") or is_forbidden(error.__context__))


def bound(limits: dict[str, int]) -> None:
    """Bound memory and time of this process."""
    for kind, wanted in ((resource.RLIMIT_AS, limits["child_memory"]), (resource.RLIMIT_CPU, limits["child_seconds"])):
        _soft, hard = resource.getrlimit(kind)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check_archive(stream: BinaryIO, limits: dict[str, int]) -> None:
    """Add up what the entries say of themselves. Reading stops where an entry said it would, so that a lie gains nothing."""
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
    sheet = next((sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"), workbook.worksheets[0])
    _write({"rows": max((sheet.max_row or 1) - 1, 0)})
    for line, cells in _rows(sheet, limits):
        _write([line, cells])
    _write({"end": True})


def _rows(sheet: Any, limits: dict[str, int]) -> Iterator[tuple[int, list[str] | str]]:
    width = written = 0
    sheet.reset_dimensions()  # what a sheet says about its size is not always true
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [_text(value) for value in values]
        used = max((index for index, cell in enumerate(cells, start=1) if cell), default=0)
        if not used:
            continue
        written += 1
        if written > limits["rows"] + 1:
            refuse("rows")
        width = width or used
        # Read-only sheets leave out empty cells at the end of a row and carry formatted ones beyond the table.
        yield line, _problem(cells, used, limits) or [*cells[: max(width, used)], *[""] * (width - len(cells))]


def _problem(cells: list[str], used: int, limits: dict[str, int]) -> str:
    if used > limits["columns"]:
        return "columns"
    return "cell" if any(len(cell) > limits["cell_characters"] for cell in cells) else ""


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
