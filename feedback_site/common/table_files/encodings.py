"""In which encoding a person saved a text file: byte order marks say it, else the bytes themselves."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError

UTF_8, CHINESE = "utf-8-sig", "gb18030"
_MARKS = ((codecs.BOM_UTF8, UTF_8), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LONGEST_LINE = 1_000_000


@dataclass(frozen=True, slots=True)
class TextShape:
    """How a text file is written, and how many lines it has."""

    encoding: str
    lines: int


def shape_of(stream: BinaryIO, *, encoding: str = "") -> TextShape:
    """Return the encoding (as stated, else found out) and the number of lines, in one pass over the file.

    A line of Chinese in GBK is hardly ever UTF-8, and the other way round it may be:
    so a file is UTF-8 unless more of its lines that are not plain ASCII fail as
    UTF-8 than pass. Lines that are neither are left to the reader, which lists them.
    """
    stream.seek(0)
    head = stream.read(4)
    stream.seek(0)
    if not encoding:
        encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    if not encoding and b"\x00" in head:
        raise DomainError(
            _("This is not a text file. Save the table as CSV (UTF-8) or as an Excel workbook (.xlsx).")
        )
    lines = passed = failed = 0
    for line in _lines(stream):
        lines += line.count(b"\n") or 1
        if encoding or line.isascii():
            continue
        if _is_text(line, "utf-8"):
            passed += 1
        elif _is_text(line, CHINESE):
            failed += 1
    stream.seek(0)
    return TextShape(encoding or (CHINESE if failed > passed else UTF_8), lines)


def encoding_name(encoding: str) -> str:
    """Return the name that people know an encoding by."""
    return {UTF_8: "UTF-8", CHINESE: "GB18030 (GBK)"}.get(encoding, encoding.upper())


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(_LONGEST_LINE):
        yield line


def _is_text(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
