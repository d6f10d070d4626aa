"""Reading the working calendar, and saying where it knows nothing."""

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from feedback_site.service_events.models import CalendarDay
from feedback_site.service_events.rules.calendar import NATIONAL_DAY, WorkingTime

# Sources look back two weeks, call-backs ahead a month, and holidays last a week or more.
_BEFORE, _AFTER = timedelta(days=60), timedelta(days=120)


def load_calendar(*, from_on: date, to_on: date) -> WorkingTime:
    """Return the calendar of these days; outside them the weekday rule holds. One query."""
    month, day = NATIONAL_DAY
    rows = CalendarDay.objects.filter(Q(date__range=(from_on, to_on)) | Q(date__month=month, date__day=day))
    stated = dict(rows.values_list("date", "is_working"))
    return WorkingTime(
        days=stated, known_years=frozenset(on.year for on in stated if (on.month, on.day) == NATIONAL_DAY)
    )


def calendar_around(at: datetime) -> WorkingTime:
    """Return the calendar that work at this moment needs, by one query.

    It holds what is past and not too old, and what is ahead and may be planned.
    """
    return load_calendar(from_on=(at - _BEFORE).date(), to_on=(at + _AFTER).date())


def calendar_warnings(*, at: datetime) -> list[str]:
    """Return a sentence for each year that visits may be planned in and whose holidays are not stated yet."""
    calendar = calendar_around(at)
    years = sorted({at.year, (at + _AFTER).year})
    return [
        _(
            "The holidays of %(year)s are not in the working calendar: Monday to Friday are taken for "
            "workdays."
        )
        % {"year": year}
        for year in years
        if not calendar.is_known(year)
    ]
