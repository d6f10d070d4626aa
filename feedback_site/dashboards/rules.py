"""Periods by name, and how long a period may be."""

from datetime import date, timedelta

from feedback_site.dashboards.enums import PeriodPreset

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2099, 12, 31)
MOST_DAYS = 366
_ONE_DAY = timedelta(days=1)
_MONTHS_OF_QUARTER = 3


def days_of(preset: PeriodPreset, *, today: date) -> tuple[date, date]:
    """Return the first and last day of a named period; the present ones end today."""
    month = today.replace(day=1)
    quarter = month.replace(month=month.month - (month.month - 1) % _MONTHS_OF_QUARTER)
    if preset is PeriodPreset.LAST_MONTH:
        last = month - _ONE_DAY
        return last.replace(day=1), last
    if preset is PeriodPreset.THIS_QUARTER:
        return quarter, today
    if preset is PeriodPreset.LAST_QUARTER:
        last = quarter - _ONE_DAY
        return last.replace(month=last.month - _MONTHS_OF_QUARTER + 1, day=1), last
    return month, today
