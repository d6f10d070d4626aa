from datetime import date

import pytest
from django.urls import reverse, reverse_lazy

from feedback_site.common.clock import database_now
from feedback_site.common.week_hours import WEEK_FIELDS
from feedback_site.service_events.models import CalendarDay, WorkingCalendar
from feedback_site.service_events.services.working_time import load_published_days
from tests.factories.visits.calls import Caller, text_of

pytestmark = pytest.mark.django_db
LIST, ADD = (f"admin:service_events_calendarday_{page}" for page in ("changelist", "add"))
CHANGE = "admin:service_events_calendarday_change"
UNKNOWN = "The holidays of {} are not on record: every day of it follows the hours of its weekday."
CALENDARS, NEW_CALENDAR = (
    reverse_lazy(f"admin:service_events_workingcalendar_{page}") for page in ("changelist", "add")
)
CALENDAR = "admin:service_events_workingcalendar_change"


@pytest.fixture
def quinn(staff):
    return Caller(staff.quinn)


@pytest.fixture
def published(db):
    load_published_days()


def test_days_are_listed_with_what_they_are(published, quinn):
    page = text_of(quinn.client.get(reverse(LIST), {"date__year": "2026", "date__month": "10"}))

    assert "National Day" in page
    assert "Day off" in page
    assert "published holiday calendar" in page


def test_a_day_is_entered_and_changed_by_staff_and_stays_when_the_published_ones_are_loaded(published, quinn):
    day = CalendarDay.objects.get(date=date(2026, 10, 2))
    quinn.client.post(reverse(CHANGE, args=[day.pk]), {"is_working": "on", "name": "Stocktaking"})
    quinn.client.post(reverse(ADD), {"date": "2031-05-05", "name": "Company day"})

    load_published_days()

    kept = CalendarDay.objects.get(pk=day.pk)
    assert (kept.is_working, kept.name, kept.source) == (True, "Stocktaking", "staff")
    assert (
        CalendarDay.objects.get(date=date(2031, 5, 5)).is_working,
        CalendarDay.objects.get(date=date(2031, 5, 5)).source,
    ) == (
        False,
        "staff",
    )


def test_a_day_keeps_its_date(published, quinn):
    page = reverse(CHANGE, args=[CalendarDay.objects.get(date=date(2026, 10, 2)).pk])

    quinn.client.post(page, {"date": "2026-10-20", "name": "Moved"})

    assert not CalendarDay.objects.filter(date=date(2026, 10, 20)).exists()


def test_a_day_is_stated_once(published, quinn):
    page = quinn.client.post(reverse(ADD), {"date": "2026-10-01", "name": "Again"})

    assert "This day is stated already." in text_of(page)
    assert CalendarDay.objects.filter(date=date(2026, 10, 1)).count() == 1


def test_a_year_that_was_not_entered_is_warned_of_where_it_is_looked_at(published, quinn):
    CalendarDay.objects.create(date=date(2041, 10, 1), is_working=False)

    seen = {
        year: UNKNOWN.format(year) in text_of(quinn.client.get(reverse(LIST), {"date__year": str(year)}))
        for year in (2040, 2041)
    }

    assert seen == {2040: True, 2041: False}


def test_this_year_is_warned_of_until_it_is_entered(published, quinn):
    year = database_now().year
    CalendarDay.objects.filter(date__year=year).delete()

    page = text_of(quinn.client.get(reverse(LIST)))

    assert page.count(UNKNOWN.format(year)) == 1
    assert "Enter the days that are published" in page


def test_a_strange_year_in_the_address_is_not_an_error(published, quinn):
    assert quinn.client.get(reverse(LIST), {"date__year": "二〇二六"}).status_code in {200, 302}
    assert quinn.client.get(reverse(LIST), {"date__year": "0000"}).status_code in {200, 302}


def test_callers_read_the_calendar_and_do_not_change_it(published, staff):
    ellen = Caller(staff.ellen)

    assert ellen.client.get(reverse(LIST)).status_code == 200
    assert ellen.client.post(reverse(ADD), {"date": "2031-05-05"}).status_code == 403


def calendar_form(**fields):
    """Return what a browser sends of a calendar from 9 to 18 on Mondays, without days of its own."""
    days = {f"days-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM")}
    empty = {name: "" for pair in WEEK_FIELDS for name in pair}
    return {
        "purpose": "calls",
        "team": "",
        **empty,
        "monday_from": "09:00",
        "monday_until": "18:00",
        **days,
    } | fields


@pytest.fixture
def ada(staff):
    return Caller(staff.ada)


def test_a_calendar_is_written_with_a_day_of_its_own_and_shown_with_its_hours_and_teams(quinn, organisation):
    quinn.client.post(
        NEW_CALENDAR,
        calendar_form(
            team=organisation.east.pk,
            saturday_from="18:00",
            saturday_until="00:00",
            **{"days-TOTAL_FORMS": "1", "days-0-date": "2031-05-05", "days-0-name": "Company day"},
        ),
    )

    calendar = WorkingCalendar.objects.get()
    day = calendar.days.get()
    assert (day.date, day.is_working, day.source) == (date(2031, 5, 5), False, "staff")
    listed = text_of(quinn.client.get(CALENDARS))
    assert "East: calls to customers" in listed
    assert "Monday 09:00-18:00 · Saturday 18:00-24:00" in listed
    page = quinn.client.get(reverse(CALENDAR, args=[calendar.pk]))
    assert [team.code for team in page.context["teams_of_calendar"]] == ["east", "east-1"]
    assert "East: calls to customers" in text_of(quinn.client.get(reverse(LIST), {"date__year": "2031"}))


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"monday_from": "22:00", "monday_until": "06:00"}, "A shift past midnight cannot be stated."),
        ({"monday_until": ""}, "Monday: state from when until when"),
        ({"monday_from": "", "monday_until": ""}, "State the hours of at least one weekday."),
        ({"sunday_until": "12:00"}, "Sunday: state from when until when"),
    ],
)
def test_hours_that_cannot_be_are_refused_in_words(quinn, fields, refusal):
    page = quinn.client.post(NEW_CALENDAR, calendar_form(**fields))

    assert refusal in text_of(page)
    assert not WorkingCalendar.objects.exists()


def test_there_is_one_calendar_for_a_team_and_purpose(quinn):
    quinn.client.post(NEW_CALENDAR, calendar_form())

    page = quinn.client.post(NEW_CALENDAR, calendar_form())

    assert "There is a working calendar for this purpose and team already." in text_of(page)


def test_staff_of_a_region_keep_the_calendars_of_its_teams_and_read_shared_ones(published, ada, organisation):
    shared = WorkingCalendar.objects.create(purpose="calls")
    other = WorkingCalendar.objects.create(purpose="calls", team=organisation.west)

    for team in (organisation.east_1.pk, organisation.west.pk, ""):
        ada.client.post(NEW_CALENDAR, calendar_form(team=team))

    own = WorkingCalendar.objects.get(team=organisation.east_1)
    assert WorkingCalendar.objects.count() == 3
    statuses = {
        row: (
            ada.client.get(reverse(CALENDAR, args=[row.pk])).status_code,
            ada.client.post(reverse(CALENDAR, args=[row.pk]), calendar_form(monday_from="10:00")).status_code,
        )
        for row in (shared, other)
    }
    assert statuses == {shared: (200, 403), other: (302, 302)}
    changed = calendar_form(team=organisation.east_1.pk, monday_from="10:00")
    ada.client.post(reverse(CALENDAR, args=[own.pk]), changed)
    own.refresh_from_db()
    assert own.monday_from.hour == 10


def test_staff_of_a_region_state_days_of_their_own_calendars_only(published, ada, organisation):
    own = WorkingCalendar.objects.create(purpose="calls", team=organisation.east_1)
    shared = WorkingCalendar.objects.create(purpose="calls")
    public = CalendarDay.objects.get(date=date(2026, 10, 2))

    for calendar in (own.pk, shared.pk, ""):
        ada.client.post(reverse(ADD), {"date": "2031-05-05", "name": "Fair", "calendar": calendar})

    assert list(CalendarDay.objects.filter(name="Fair").values_list("calendar", flat=True)) == [own.pk]
    assert ada.client.post(reverse(CHANGE, args=[public.pk]), {"is_working": "on"}).status_code == 403


def test_the_list_of_calendars_costs_the_same_with_one_and_three_rows(quinn, organisation):
    def make(team):
        calendar = WorkingCalendar.objects.create(purpose="calls", team=team)
        CalendarDay.objects.create(calendar=calendar, date="2031-05-05", is_working=False)

    make(organisation.east)
    quinn.queries(CALENDARS)
    one = quinn.queries(CALENDARS), quinn.queries(f"{reverse(LIST)}?date__year=2031")
    make(organisation.east_1)
    make(organisation.west)

    assert (quinn.queries(CALENDARS), quinn.queries(f"{reverse(LIST)}?date__year=2031")) == one
