"""The seed of published holidays."""

from collections.abc import Iterable, Iterator
from datetime import date

from chinese_calendar import constants
from django.db import transaction

from feedback_site.service_events.enums import DaySource
from feedback_site.service_events.models import CalendarDay

_KEPT_NAME = 80

PublishedDay = tuple[date, bool, str]  # the day, whether staff work on it, its name


def load_published_days() -> int:
    """Bring the published holidays and make-up workdays into the calendar.

    Returns how many days changed; staff's own days stay.
    """
    return record_published_days(
        calendar_day=CalendarDay, days=_published_days(), source=DaySource.PUBLISHED.value
    )


@transaction.atomic
def record_published_days(
    *, calendar_day: type[CalendarDay], days: Iterable[PublishedDay], source: str
) -> int:
    """Record each day that the calendar lacks, and return how many days changed.

    Corrects what was recorded from the same source.

    All days that a year's notice names are listed, weekends too, so that a year which was published
    is known to be. All is handed over, the model too: a migration has that of its own time.
    """
    common = calendar_day.objects.filter(calendar__isnull=True)
    stated = {day.date: day for day in common.select_for_update()}
    new, changed = [], []
    for day, is_working, name in days:
        now, present = (is_working, name[:_KEPT_NAME]), stated.get(day)
        if present is None:
            new.append(calendar_day(date=day, is_working=is_working, name=now[1], source=source))
        elif present.source == source and (present.is_working, present.name) != now:
            present.is_working, present.name = now
            changed.append(present)
    calendar_day.objects.bulk_create(new, ignore_conflicts=True)
    calendar_day.objects.bulk_update(changed, ["is_working", "name"])
    return len(new) + len(changed)


def _published_days() -> Iterator[PublishedDay]:
    for days, is_working in ((constants.holidays, False), (constants.workdays, True)):
        for day, name in days.items():
            yield day, is_working, name
