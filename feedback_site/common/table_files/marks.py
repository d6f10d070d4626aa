"""Cells that do not hold what they seem to hold.

Errors, formulas that were never calculated, numbers that lost their last digits.
"""

import re
import unicodedata
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CellMark(StrEnum):
    """What a cell of a spreadsheet is beyond its text. The words are those of `workbook_process`."""

    ERROR = "error"
    FORMULA = "formula"
    LOST = "lost"
    DATE = "date"


SENTENCES: dict[CellMark, Promise] = {
    CellMark.ERROR: _(
        "The cell holds an error of the spreadsheet (such as #N/A), no value. Correct its formula, or type "
        "the value."
    ),
    CellMark.FORMULA: _(
        "The cell holds a formula whose result was not saved. Open the file in a spreadsheet program and "
        "save it, or type the value."
    ),
    CellMark.LOST: _(
        "The spreadsheet kept only the first 15 digits of this number. Format the column as text, and enter "
        "the numbers again."
    ),
    CellMark.DATE: _(
        "The spreadsheet made a date of this number. Format the column as text, and enter the numbers again."
    ),
}

# What spreadsheet programs show instead of a value; hash signs stand where a column was too narrow.
_ERRORS = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|PYTHON!|GETTING_DATA)|#{3,}|Err:\d{3}"
)
# How programs write a long number in a column that is not text:
# spreadsheets set the plus sign, Java leaves it out. `12E5` may be a code.
_SCIENTIFIC = re.compile(
    r"[+-]?\d([.,]\d+)?\s*(e\s*\+|[×*]\s*10\s*\^\s*)\d{1,3}|[+-]?\d[.,]\d+e\d{1,3}", re.IGNORECASE
)
_WHOLE = re.compile(r"(\d+)\.0+")
_EXACT_DIGITS = 15
# How programs keep a spreadsheet from taking a text for a number or
# a formula: `="00123"`, or an apostrophe, as our own exports set it.
_QUOTED = re.compile(r'="((?:[^"]|"")*)"')
_APOSTROPHE = re.compile(r"'\s*[\d=+\-@＝＋－＠]|'[\t\r\n]")


def without_guard(text: str) -> str:
    """Return what a cell says without the mark that keeps spreadsheets from calculating it.

    People never see that mark in a spreadsheet.
    """
    quoted = _QUOTED.fullmatch(text.strip()) if "=" in text else None
    if quoted:
        return quoted[1].replace('""', '"')
    return text.replace("'", "", 1) if _APOSTROPHE.match(text.lstrip()) else text


def mark_of_text(text: str) -> CellMark | None:
    """Return what a cell of a text file is beyond its text."""
    return CellMark.ERROR if text.startswith(("#", "Err:")) and _ERRORS.fullmatch(text) else None


def has_lost_digits(identifier: str) -> bool:
    """Return whether a spreadsheet rounded a number that names something.

    It did so before the number was saved as text.
    """
    plain = unicodedata.normalize("NFKC", identifier)
    whole = _WHOLE.fullmatch(plain)
    return bool(_SCIENTIFIC.fullmatch(plain)) or bool(whole and len(whole[1]) > _EXACT_DIGITS)


def without_decimals(identifier: str) -> str:
    """Return `123` for `123.0`: a program took the number for a measure."""
    whole = _WHOLE.fullmatch(identifier)
    return whole[1] if whole else identifier
