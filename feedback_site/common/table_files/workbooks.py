"""Workbooks, read by a process of their own.

A workbook takes neither the memory nor the time of this process.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.common.table_files.child import as_file, running
from feedback_site.common.table_files.limits import FileLimits
from feedback_site.common.table_files.numbered import NumberedRow

_SCRIPT = Path(__file__).with_name("workbook_process.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """What is known of a workbook before its rows.

    Their number by estimate, what is not read, what the eye does not see.
    """

    rows: int
    is_1904: bool
    other_sheets: list[str]
    hidden_sheets: list[str]
    hidden_columns: list[int]


@contextmanager
def opened_workbook(
    stream: BinaryIO, *, limits: FileLimits
) -> Iterator[tuple[Workbook, Iterator[NumberedRow]]]:
    """Give the workbook and its rows, headings first. Raises `DomainError` where a limit is reached."""
    with as_file(stream) as file, running(_SCRIPT, file, limits) as output:
        yield Workbook(**_message(output, limits)), _rows(output, limits)


def _rows(output: IO[bytes], limits: FileLimits) -> Iterator[NumberedRow]:
    while True:
        message = _message(output, limits)
        if isinstance(message, dict):
            return
        line, said, marks, is_hidden = message
        if isinstance(said, str):
            yield NumberedRow(line, [], _problem(said, limits))
        else:
            yield NumberedRow(
                line, said, "", {int(position): mark for position, mark in marks.items()}, is_hidden
            )


def _message(output: IO[bytes], limits: FileLimits) -> Any:
    """Return what the child says next.

    Raises `DomainError` for what ended it, also where it was ended without a word.
    """
    line = output.readline()
    message = json.loads(line) if line.endswith(b"\n") else {"error": "time"}
    if isinstance(message, dict) and "error" in message:
        raise DomainError(_refusal(message, limits), {"limit": message["error"]})
    return message


def _refusal(message: dict[str, str], limits: FileLimits) -> str:
    megabytes = {"size": limits.unpacked // 1_000_000}
    sentences = {
        "entries": _("This workbook has too many parts. Save the table alone in a new workbook, or as CSV."),
        "unpacked": _(
            "Unpacked, this workbook is larger than %(size)d MB. Split the table, or save it as CSV."
        )
        % megabytes,
        "ratio": _("This workbook unpacks to more than %(ratio)d times its size. Save the table as CSV.")
        % {"ratio": limits.ratio},
        "rows": too_many_rows(limits),
        "entities": _(
            "This workbook declares entities, which no spreadsheet program does. Save the table as CSV."
        ),
        "memory": _("This workbook takes too much memory to read. Split the table, or save it as CSV."),
        "time": _("This workbook takes too much memory or time to read. Split the table, or save it as CSV."),
    }
    return sentences.get(message["error"]) or _("This is not a workbook: %(error)s") % {
        "error": message.get("kind", "xlsx")
    }


def too_many_rows(limits: FileLimits) -> str:
    """Return the sentence about a table that is too long."""
    return _("The file has more than %(rows)s rows. Split it into smaller files.") % {
        "rows": f"{limits.rows:,}"
    }


def too_long_cell(limits: FileLimits) -> str:
    """Return the sentence about a cell that is too long."""
    return _("A cell holds more than %(most)s characters.") % {"most": f"{limits.cell_characters:,}"}


def _problem(word: str, limits: FileLimits) -> str:
    if word == "cell":
        return too_long_cell(limits)
    return _("The row has more than %(most)d cells.") % {"most": limits.columns}
