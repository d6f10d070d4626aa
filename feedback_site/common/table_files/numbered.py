"""Rows as the readers hand them over."""

from typing import NamedTuple


class NumberedRow(NamedTuple):
    """The cells that begin at a line of the file (from 1), or why they cannot be read."""

    line: int
    cells: list[str]
    problem: str = ""
