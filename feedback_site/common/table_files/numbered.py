"""Rows as the readers hand them over."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

NO_MARKS: Mapping[int, str] = MappingProxyType({})


class NumberedRow(NamedTuple):
    """The cells that begin at a line of the file (from 1), or why they cannot be read.

    `marks` says by position what the text of a cell does not: see `marks.CellMark`.
    """

    line: int
    cells: list[str]
    problem: str = ""
    marks: Mapping[int, str] = NO_MARKS
    is_hidden: bool = False
