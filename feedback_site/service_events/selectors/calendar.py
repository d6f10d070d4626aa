"""Reading the working calendars, and saying where they know nothing."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.accounts.selectors import organisation_settings
from feedback_site.common.working_time import WorkingTime
from feedback_site.service_events.enums import CalendarPurpose
from feedback_site.service_events.models import CalendarDay, WorkingCalendar
from feedback_site.service_events.rules.calendar import NATIONAL_DAY, Parents, WorkingTimes, nearest_owner

# Sources look back two weeks, call-backs ahead a month, and holidays last a week or more.
_BEFORE, _AFTER = timedelta(days=60), timedelta(days=120)


def working_times_around(at: datetime) -> WorkingTimes:
    """Return what work at this moment needs.

    It holds what is past and not too old, and what is ahead and may be planned.
    """
    return load_working_times(from_on=(at - _BEFORE).date(), to_on=(at + _AFTER).date())


def load_working_times(*, from_on: date, to_on: date) -> WorkingTimes:
    """Return the working times of these days; outside them the hours of the week hold.

    Two queries, three where a team has a calendar of its own.
    """
    calendars = list(WorkingCalendar.objects.all())
    days: defaultdict[int | None, dict[date, bool]] = defaultdict(dict)
    rows = CalendarDay.objects.filter(date__range=(from_on, to_on))
    for calendar_id, day, is_working in rows.values_list("calendar_id", "date", "is_working"):
        days[calendar_id][day] = is_working
    stated: defaultdict[CalendarPurpose, dict[int | None, WorkingTime]] = defaultdict(dict)
    for calendar in calendars:
        common = days[None] if calendar.keeps_public_holidays else {}
        stated[CalendarPurpose(calendar.purpose)][calendar.team_id] = WorkingTime(
            calendar.week, {**common, **days[calendar.pk]}
        )
    return WorkingTimes(
        usual=WorkingTime(organisation_settings().week, days[None]),
        stated=stated,
        parents=_parents() if any(calendar.team_id for calendar in calendars) else {},
    )


def teams_of_calendar(calendar: WorkingCalendar) -> list[int]:
    """Return the ids of the teams that go by this calendar. Two queries."""
    rows = WorkingCalendar.objects.filter(purpose=calendar.purpose)
    owners = set(rows.values_list("team_id", flat=True))
    parents = _parents()
    return [team_id for team_id in parents if nearest_owner(team_id, owners, parents) == calendar.team_id]


def calendar_warnings(*, at: datetime) -> list[str]:
    """Return a sentence for each year that visits may be planned in and whose holidays are not stated yet."""
    return [unknown_year(year) for year in unknown_years({at.year, (at + _AFTER).year})]


def unknown_years(years: Collection[int]) -> list[int]:
    """Return those of the years whose holidays are not on record: only the hours of the week are known."""
    month, day = NATIONAL_DAY
    wanted = sorted(years)
    stated = CalendarDay.objects.filter(
        calendar__isnull=True, date__in=[date(year, month, day) for year in wanted]
    )
    known = {on.year for on in stated.values_list("date", flat=True)}
    return [year for year in wanted if year not in known]


def unknown_year(year: int) -> str:
    """Say what follows from not knowing a year's holidays."""
    text = _("The holidays of %(year)s are not on record: every day of it follows the hours of its weekday.")
    return text % {"year": year}


def _parents() -> Parents:
    return dict(Team.objects.without_tree_fields().values_list("pk", "parent_id"))
