"""The working calendar as others use it, and its seed of published holidays."""

from collections.abc import Iterator
from datetime import date

from chinese_calendar import constants
from django.db import transaction

from visits.enums import DaySource
from visits.models import CalendarDay
from visits.rules import WorkingCalendar
from visits.selectors.calendar import calendar_around, load_calendar

__all__ = ["WorkingCalendar", "calendar_around", "load_calendar", "load_published_days"]

_KEPT_NAME = 80


@transaction.atomic
def load_published_days() -> int:
    """Bring the published holidays and make-up workdays into the
    calendar and return how many days changed; staff's own days stay.

    All days that a year's notice names are listed, weekends
    too, so that a year which was published is known to be.
    """
    stated = {day.date: day for day in CalendarDay.objects.select_for_update()}
    new, changed = [], []
    for day in _published_days():
        present = stated.get(day.date)
        if present is None:
            new.append(day)
        elif present.source == DaySource.PUBLISHED and (present.is_working, present.name) != (
            day.is_working,
            day.name,
        ):
            changed.append(day)
    CalendarDay.objects.bulk_create(new, ignore_conflicts=True)
    CalendarDay.objects.bulk_update(changed, ["is_working", "name"])
    return len(new) + len(changed)


def _published_days() -> Iterator[CalendarDay]:
    for days, is_working in ((constants.holidays, False), (constants.workdays, True)):
        for day, name in days.items():
            yield _published(day, name, is_working=is_working)


def _published(day: date, name: str, *, is_working: bool) -> CalendarDay:
    return CalendarDay(date=day, is_working=is_working, name=name[:_KEPT_NAME], source=DaySource.PUBLISHED)
