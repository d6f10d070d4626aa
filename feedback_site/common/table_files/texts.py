"""CSV files as spreadsheets and other systems save them.

In any usual encoding, separated by commas, semicolons, tabs or bars.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import chain, islice
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.common.table_files.encodings import TextShape, encoding_name
from feedback_site.common.table_files.limits import FileLimits
from feedback_site.common.table_files.numbered import NumberedRow
from feedback_site.common.table_files.workbooks import too_long_cell, too_many_rows

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_LINE = 1_000_000
_LOOKED_AT = 20


@contextmanager
def opened_text(
    stream: BinaryIO, *, shape: TextShape, limits: FileLimits
) -> Iterator[tuple[int, Iterator[NumberedRow]]]:
    """Give the estimated number of rows and the rows, headings first.

    Raises `DomainError` where a limit is reached.
    """
    stream.seek(0)
    # Bytes that are not text reach the row that holds them, which is listed, instead of ending the import.
    text = TextIOWrapper(stream, encoding=shape.encoding, errors="surrogateescape", newline="")
    try:
        yield max(shape.lines - 1, 0), _rows(text, shape.encoding, limits)
    finally:
        text.detach()  # the stream is its owner's to close


def _rows(text: TextIOWrapper, encoding: str, limits: FileLimits) -> Iterator[NumberedRow]:
    csv.field_size_limit(limits.cell_characters)
    lines = _lines(text, encoding)
    head = list(islice(lines, 1))
    skipped = 0
    delimiter = _stated_delimiter(head[0]) if head else ""
    if delimiter:
        skipped, head = 1, []
    else:
        head += islice(lines, _LOOKED_AT)
    reader = csv.reader(chain(head, lines), delimiter=delimiter or _guessed_delimiter(head), strict=True)
    written = 0
    while True:
        line = reader.line_num + skipped + 1
        row = _next_row(reader, line, skipped, limits)
        if row is None:
            return
        if row.problem or any(cell and not cell.isspace() for cell in row.cells):
            written += 1
            if written > limits.rows + 1:
                raise DomainError(too_many_rows(limits), {"limit": "rows"})
            yield row


def _next_row(reader: Any, line: int, skipped: int, limits: FileLimits) -> NumberedRow | None:
    try:
        cells = next(reader, None)
    except csv.Error as error:
        return NumberedRow(line, [], _quoting_problem(str(error), line, reader.line_num + skipped, limits))
    if cells is not None and len(cells) > limits.columns:
        return NumberedRow(line, [], _("The row has more than %(most)d cells.") % {"most": limits.columns})
    return None if cells is None else NumberedRow(line, cells)


def _quoting_problem(error: str, first: int, last: int, limits: FileLimits) -> str:
    if "field limit" in error and first == last:
        return too_long_cell(limits)
    sentence = _(
        "Lines %(first)d to %(last)d cannot be read: a quotation mark is not closed, or stands inside a cell "
        "without being doubled."
    )
    return sentence % {"first": first, "last": last}


def _lines(text: TextIOWrapper, encoding: str) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        try:
            line = text.readline(_LONGEST_LINE)
        except UnicodeDecodeError:
            sentence = _("Line %(line)d is not written in %(encoding)s. Save the file again as UTF-8.")
            raise DomainError(
                sentence % {"line": number, "encoding": encoding_name(encoding)}, {"line": number}
            ) from None
        if len(line) >= _LONGEST_LINE:
            raise DomainError(
                _("Line %(line)d is longer than a row of a table can be.") % {"line": number},
                {"line": number},
            )
        if not line:
            return
        yield line


def _stated_delimiter(line: str) -> str:
    """Return what Excel's own first line says: `sep=;`."""
    said = line.strip().strip('"')
    return said[4] if len(said) == 5 and said.lower().startswith("sep=") else ""  # noqa: PLR2004 - the length of `sep=;`


def _guessed_delimiter(lines: list[str]) -> str:
    """Return the separator that stands equally often in most lines.

    A title above the headings and commas in texts do not decide.
    """
    return max(_DELIMITERS, key=lambda delimiter: _evenness(delimiter, lines))


def _evenness(delimiter: str, lines: list[str]) -> int:
    counts = Counter("".join(line.split('"')[::2]).count(delimiter) for line in lines)
    return max((count * times for count, times in counts.items()), default=0)
