"""Months, quarters and years: where they begin and end, and their codes."""

from datetime import date

from feedback_site.evaluations.enums import PeriodKind

_MONTHS = {PeriodKind.MONTH.value: 1, PeriodKind.QUARTER.value: 3, PeriodKind.YEAR.value: 12}


def period_start(kind: str, day: date) -> date:
    """Return the first day of the month, quarter or year that holds `day`."""
    months = _MONTHS[kind]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def period_end(kind: str, start: date) -> date:
    """Return the first day after the period."""
    months = start.month - 1 + _MONTHS[kind]
    return date(start.year + months // 12, months % 12 + 1, 1)


def period_code(kind: str, start: date) -> str:
    """Return the period in signs: 2026-11, 2026-Q4, 2026."""
    if kind == PeriodKind.QUARTER:
        return f"{start.year}-Q{(start.month + 2) // 3}"
    return f"{start.year}" if kind == PeriodKind.YEAR else f"{start:%Y-%m}"
