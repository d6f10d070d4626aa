"""Rows of the table, and the bars some of them must reach."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure. `bar` is what it must reach; `is_met` is None where nothing was promised."""

    name: str
    figure: str
    bar: str = ""
    is_met: bool | None = None


def at_least(name: str, value: float, bar: float, unit: str) -> Row:
    """Return a row that must not be lower than its bar."""
    return Row(name, f"{value:,.0f} {unit}", f">= {bar:,.0f}", value >= bar)


def at_most(name: str, value: float, bar: float, unit: str, *, digits: int = 0) -> Row:
    """Return a row that must not be higher than its bar."""
    return Row(name, f"{value:,.{digits}f} {unit}", f"<= {bar:,}", value <= bar)


def print_rows(rows: list[Row]) -> bool:
    """Print the rows as they are aligned best, and return whether every bar was reached."""
    width = max(len(row.name) for row in rows)
    figures = max(len(row.figure) for row in rows)
    for row in rows:
        verdict = {True: "pass", False: "MISS", None: ""}[row.is_met]
        print(f"{row.name:<{width}}  {row.figure:>{figures}}  {row.bar:<9} {verdict}".rstrip())
    return all(row.is_met is not False for row in rows)
