"""Days, weeks, months, quarters, half-years and years: where they begin and end, their codes and words.

Weeks are those of ISO 8601: they begin on Monday and belong to the year that holds their Thursday.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback_site.evaluations.enums import PeriodKind

# Every kind is a number of days or a number of months.
DAYS: dict[str, int] = {PeriodKind.DAY: 1, PeriodKind.WEEK: 7}
MONTHS: dict[str, int] = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF_YEAR: 6,
    PeriodKind.YEAR: 12,
}
_CODES = {
    PeriodKind.DAY: re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII),
    PeriodKind.WEEK: re.compile(r"(\d{4})-W(\d{2})", re.ASCII),
    PeriodKind.MONTH: re.compile(r"(\d{4})-(\d{2})", re.ASCII),
    PeriodKind.QUARTER: re.compile(r"(\d{4})-Q([1-4])", re.ASCII),
    PeriodKind.HALF_YEAR: re.compile(r"(\d{4})-H([12])", re.ASCII),
    PeriodKind.YEAR: re.compile(r"(\d{4})", re.ASCII),
}
PERIOD_CODES = gettext_lazy(
    "Write a day as 2026-11-24, a week as 2026-W48, a month as 2026-11, a quarter as 2026-Q4, a half-year as "
    "2026-H2, a year as 2026."
)
_JUNE = 6


class Period(NamedTuple):
    """A period by its kind and first day."""

    kind: str
    start: date


def periods_of(month: date) -> tuple[Period, Period]:
    """Return the month and the quarter that hold a day: what is measured and recorded."""
    kinds = (PeriodKind.MONTH.value, PeriodKind.QUARTER.value)
    return Period(kinds[0], period_start(kinds[0], month)), Period(kinds[1], period_start(kinds[1], month))


def period_start(kind: str, day: date) -> date:
    """Return the first day of the period that holds `day`."""
    if kind in DAYS:
        return day - timedelta(days=day.weekday() % DAYS[kind])
    months = MONTHS[kind]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def period_end(kind: str, start: date) -> date:
    """Return the first day after the period: the start of the next one."""
    if kind in DAYS:
        return start + timedelta(days=DAYS[kind])
    months = start.month - 1 + MONTHS[kind]
    return date(start.year + months // 12, months % 12 + 1, 1)


def period_before(kind: str, start: date) -> date:
    """Return the first day of the period before."""
    return period_start(kind, start - timedelta(days=1))


def period_code(kind: str, start: date) -> str:
    """Return the period in signs: 2026-11-24, 2026-W48, 2026-11, 2026-Q4, 2026-H2, 2026."""
    year, week, _day = start.isocalendar()
    return {
        PeriodKind.DAY: start.isoformat(),
        PeriodKind.WEEK: f"{year:04}-W{week:02}",
        PeriodKind.MONTH: f"{start.year:04}-{start.month:02}",
        PeriodKind.QUARTER: f"{start.year:04}-Q{_part(start, 3)}",
        PeriodKind.HALF_YEAR: f"{start.year:04}-H{_part(start, 6)}",
        PeriodKind.YEAR: f"{start.year:04}",
    }[PeriodKind(kind)]


def period_of_code(code: str) -> Period | None:
    """Return the period that is written so; None where there is none."""
    for kind, pattern in _CODES.items():
        found = pattern.fullmatch(code)
        if found:
            try:
                return Period(kind.value, _start_of(kind, *map(int, found.groups())))
            except ValueError:
                return None
    return None


def _start_of(kind: PeriodKind, year: int, number: int = 1, day: int = 1) -> date:
    if kind is PeriodKind.DAY:
        return date(year, number, day)
    if kind is PeriodKind.WEEK:
        return date.fromisocalendar(year, number, 1)
    return date(year, (number - 1) * MONTHS[kind] + 1, 1)


def period_in_words(kind: str, start: date) -> str:
    """Return the period as people write it: November 2026, 2026 Q4, week 48 of 2026."""
    year, week, _day = start.isocalendar()
    if kind == PeriodKind.DAY:
        return date_format(start, "DATE_FORMAT")
    if kind == PeriodKind.WEEK:
        return _("week %(week)s of %(year)s") % {"year": year, "week": week}
    if kind == PeriodKind.QUARTER:
        return _("%(year)s Q%(quarter)s") % {"year": start.year, "quarter": _part(start, 3)}
    if kind == PeriodKind.HALF_YEAR:
        half = _("first half of %(year)s") if start.month <= _JUNE else _("second half of %(year)s")
        return half % {"year": start.year}
    return date_format(start, "YEAR_MONTH_FORMAT") if kind == PeriodKind.MONTH else str(start.year)


def _part(start: date, months: int) -> int:
    """Return the number of the quarter or half-year within its year."""
    return (start.month - 1) // months + 1
