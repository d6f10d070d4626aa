from datetime import UTC, date, datetime

import pytest

from feedback_site.service_events.models import CalendarDay
from feedback_site.service_events.selectors.calendar import calendar_around, calendar_warnings, load_calendar
from feedback_site.service_events.services.working_time import load_published_days

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _published() -> None:
    load_published_days()


def test_a_calendar_is_read_in_one_query(django_assert_num_queries, noon):
    with django_assert_num_queries(1):
        calendar = calendar_around(noon)

    assert calendar.is_known(2026)


def test_loading_the_published_days_again_changes_nothing():
    assert load_published_days() == 0


def test_what_staff_state_wins_over_what_is_published():
    CalendarDay.objects.filter(date=date(2026, 10, 7)).update(
        is_working=True, source="staff", name="stock-taking"
    )

    changed = load_published_days()

    calendar = load_calendar(from_on=date(2026, 10, 1), to_on=date(2026, 10, 31))
    assert (changed, calendar.is_workday(date(2026, 10, 7)), calendar.is_workday(date(2026, 10, 6))) == (
        0,
        True,
        False,
    )


def test_a_published_day_that_was_changed_is_brought_back():
    CalendarDay.objects.filter(date=date(2026, 10, 6)).update(is_working=True)

    assert load_published_days() == 1
    assert not CalendarDay.objects.get(date=date(2026, 10, 6)).is_working


def test_years_without_holidays_on_record_are_warned_of():
    (warning,) = calendar_warnings(at=datetime(2031, 3, 3, tzinfo=UTC))

    assert (
        warning
        == "The holidays of 2031 are not in the working calendar: Monday to Friday are taken for workdays."
    )


def test_the_turn_of_the_year_warns_of_the_next_one(noon):
    assert calendar_warnings(at=datetime(2026, 6, 1, tzinfo=UTC)) == []
    assert ["2027" in warning for warning in calendar_warnings(at=noon)] == [True]


def test_the_warning_goes_once_staff_have_stated_the_year(noon):
    CalendarDay.objects.create(date=date(2027, 10, 1), is_working=False, name="国庆节")

    assert calendar_warnings(at=noon) == []
