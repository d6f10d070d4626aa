from datetime import UTC, date, datetime, time

import pytest

from feedback_site.accounts.models import Organisation
from feedback_site.accounts.selectors import remember_organisation
from feedback_site.common.working_time import DayHours
from feedback_site.service_events.enums import CalendarPurpose
from feedback_site.service_events.models import CalendarDay, WorkingCalendar
from feedback_site.service_events.selectors.calendar import (
    calendar_warnings,
    load_working_times,
    teams_of_calendar,
    unknown_years,
    working_times_around,
)
from feedback_site.service_events.services.working_time import load_published_days

pytestmark = pytest.mark.django_db
NATIONAL_DAY, SUNDAY = date(2026, 10, 2), date(2026, 10, 18)
CALLS, VISITS = CalendarPurpose.CALLS, CalendarPurpose.VISITS
EVERY_DAY = {
    f"{day}_{end}": clock
    for day in ("saturday", "sunday")
    for end, clock in (("from", time(9)), ("until", time(18)))
}


@pytest.fixture(autouse=True)
def _published() -> None:
    load_published_days()


def october():
    return load_working_times(from_on=date(2026, 10, 1), to_on=date(2026, 10, 31))


@pytest.mark.parametrize("own", [0, 1, 3])
def test_the_calendars_are_read_by_a_fixed_number_of_queries(
    organisation, noon, django_assert_num_queries, own
):
    for team in (organisation.east, organisation.east_1, organisation.west)[:own]:
        WorkingCalendar.objects.create(purpose=CALLS, team=team)

    with django_assert_num_queries(3 if own else 2):
        working_times_around(noon)


def test_a_team_without_a_calendar_goes_by_the_companys_hours_and_the_public_holidays(organisation):
    remember_organisation(Organisation(monday_from=time(7), monday_until=time(0)))

    work = october().of(organisation.east_1.pk, CALLS)

    assert work.week[0] == DayHours(time(7), time(0))
    assert (work.hours_of(NATIONAL_DAY), work.hours_of(SUNDAY)) == (None, None)


@pytest.mark.parametrize("keeps_public_holidays", [True, False])
def test_a_seven_day_station_is_open_over_a_public_holiday_unless_it_keeps_it(
    organisation, keeps_public_holidays
):
    WorkingCalendar.objects.create(
        purpose=VISITS, team=organisation.east, keeps_public_holidays=keeps_public_holidays, **EVERY_DAY
    )

    station = october().of(organisation.east_1.pk, VISITS)

    assert station.hours_of(SUNDAY) == DayHours(time(9), time(18))
    assert (station.hours_of(NATIONAL_DAY) is None) is keeps_public_holidays
    assert october().of(organisation.west_1.pk, VISITS).hours_of(SUNDAY) is None


def test_a_day_of_a_calendar_holds_there_alone_and_before_the_public_one(organisation):
    calendar = WorkingCalendar.objects.create(purpose=CALLS, team=organisation.east)
    CalendarDay.objects.create(calendar=calendar, date=NATIONAL_DAY, is_working=True)
    CalendarDay.objects.create(calendar=calendar, date=date(2026, 10, 20), is_working=False)

    times = october()

    assert times.of(organisation.east_1.pk, CALLS).hours_of(NATIONAL_DAY)
    assert times.of(organisation.east_1.pk, CALLS).hours_of(date(2026, 10, 20)) is None
    for team, purpose in ((organisation.east_1, VISITS), (organisation.west_1, CALLS)):
        assert times.of(team.pk, purpose).hours_of(NATIONAL_DAY) is None
        assert times.of(team.pk, purpose).hours_of(date(2026, 10, 20))


def test_a_calendar_names_the_teams_that_go_by_it(organisation):
    shared = WorkingCalendar.objects.create(purpose=CALLS)
    east = WorkingCalendar.objects.create(purpose=CALLS, team=organisation.east)
    station = WorkingCalendar.objects.create(purpose=CALLS, team=organisation.east_1)
    WorkingCalendar.objects.create(purpose=VISITS, team=organisation.west)

    assert set(teams_of_calendar(shared)) == {organisation.west.pk, organisation.west_1.pk}
    assert teams_of_calendar(east) == [organisation.east.pk]
    assert teams_of_calendar(station) == [organisation.east_1.pk]


def test_loading_the_published_days_again_changes_nothing(organisation):
    calendar = WorkingCalendar.objects.create(purpose=CALLS, team=organisation.east)
    CalendarDay.objects.create(calendar=calendar, date=NATIONAL_DAY, is_working=True)

    assert load_published_days() == 0


def test_what_staff_state_wins_over_what_is_published(organisation):
    CalendarDay.objects.filter(date=date(2026, 10, 7)).update(
        is_working=True, source="staff", name="stock-taking"
    )

    changed = load_published_days()

    work = october().usual
    assert (changed, bool(work.hours_of(date(2026, 10, 7))), work.hours_of(date(2026, 10, 6))) == (
        0,
        True,
        None,
    )


def test_a_published_day_that_was_changed_is_brought_back():
    CalendarDay.objects.filter(date=date(2026, 10, 6)).update(is_working=True)

    assert load_published_days() == 1
    assert not CalendarDay.objects.get(date=date(2026, 10, 6)).is_working


def test_years_without_holidays_on_record_are_warned_of():
    (warning,) = calendar_warnings(at=datetime(2031, 3, 3, tzinfo=UTC))

    assert warning == (
        "The holidays of 2031 are not on record: every day of it follows the hours of its weekday."
    )


def test_the_turn_of_the_year_warns_of_the_next_one(noon):
    assert calendar_warnings(at=datetime(2026, 6, 1, tzinfo=UTC)) == []
    assert ["2027" in warning for warning in calendar_warnings(at=noon)] == [True]


def test_a_day_of_one_calendar_does_not_make_the_year_known(organisation):
    calendar = WorkingCalendar.objects.create(purpose=CALLS, team=organisation.east)
    CalendarDay.objects.create(calendar=calendar, date=date(2031, 10, 1), is_working=False)

    assert unknown_years({2026, 2031}) == [2031]


def test_the_warning_goes_once_staff_have_stated_the_year(noon):
    CalendarDay.objects.create(date=date(2027, 10, 1), is_working=False, name="国庆节")

    assert calendar_warnings(at=noon) == []
