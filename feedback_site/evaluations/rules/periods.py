"""Months, quarters and years: where they begin and end, and their codes."""

from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback_site.evaluations.enums import PeriodKind

_MONTHS = {PeriodKind.MONTH.value: 1, PeriodKind.QUARTER.value: 3, PeriodKind.YEAR.value: 12}


class Period(NamedTuple):
    """A month, quarter or year by its kind and first day."""

    kind: str
    start: date


def periods_of(month: date) -> tuple[Period, Period]:
    """Return the month and the quarter that hold a day: what is measured and recorded."""
    kinds = (PeriodKind.MONTH.value, PeriodKind.QUARTER.value)
    return Period(kinds[0], period_start(kinds[0], month)), Period(kinds[1], period_start(kinds[1], month))


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


def period_in_words(kind: str, start: date) -> str:
    """Return the period as people write it: November 2026, 2026 Q4, 2026."""
    if kind == PeriodKind.QUARTER:
        return _("%(year)s Q%(quarter)s") % {"year": start.year, "quarter": (start.month + 2) // 3}
    return date_format(start, "YEAR_MONTH_FORMAT") if kind == PeriodKind.MONTH else str(start.year)
