"""Working time, by the published holidays of 2026."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from feedback_site.service_events.rules.calendar import WorkingTime
from feedback_site.service_events.selectors.calendar import load_calendar
from feedback_site.service_events.services.working_time import load_published_days

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def calendar() -> WorkingTime:
    load_published_days()
    return load_calendar(from_on=date(2026, 9, 1), to_on=date(2026, 11, 30))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("11-20T10:00", 4, "11-20T14:00"),  # within a day
        ("11-20T14:00", 4, "11-20T18:00"),  # a deadline may be closing time
        ("11-20T16:00", 4, "11-23T11:00"),  # over a weekend
        ("11-20T16:00", 18, "11-24T16:00"),  # two workdays
        ("11-20T20:00", 1, "11-23T10:00"),  # from a night
        ("11-20T06:00", 1, "11-20T10:00"),  # from an early morning
        ("11-21T12:00", 1, "11-23T10:00"),  # from a Saturday
        ("11-20T12:00", 0, "11-20T12:00"),  # nothing to wait for
        ("09-30T17:00", 2, "10-08T10:00"),  # over National Day, 1 to 7 October
        ("10-09T17:00", 2, "10-10T10:00"),  # into a Saturday that is worked for it
    ],
)
def test_working_hours_skip_nights_weekends_and_holidays(calendar, start, hours, end):
    assert calendar.add_hours(at(start), hours, SHANGHAI) == at(end)


@pytest.mark.parametrize(
    ("moment", "possible"),
    [
        ("11-20T12:00", "11-20T12:00"),
        ("11-20T09:00", "11-20T09:00"),
        ("11-20T18:00", "11-23T09:00"),
        ("11-20T08:59", "11-20T09:00"),
        ("10-01T10:00", "10-08T09:00"),
        ("10-10T10:00", "10-10T10:00"),
        ("10-11T10:00", "10-12T09:00"),
    ],
)
def test_the_next_working_time_is_now_or_the_next_opening(calendar, moment, possible):
    assert calendar.next_working_time(at(moment), SHANGHAI) == at(possible)
    assert calendar.is_working_time(at(moment), SHANGHAI) is (moment == possible)


def test_nobody_starts_at_closing_time(calendar):
    assert calendar.start_after(at("11-20T14:00"), 4, SHANGHAI) == at("11-23T09:00")


def test_hours_are_those_of_the_teams_zone(calendar):
    noon_in_shanghai = at("11-20T12:00")

    paris = calendar.add_hours(noon_in_shanghai, 1, ZoneInfo("Europe/Paris"))

    assert paris == at("11-20T17:00")  # 10:00 in Paris: work begins there at 16:00 in Shanghai


def test_a_year_without_published_days_follows_the_weekday_rule_and_says_so(calendar):
    national_day_2031 = date(2031, 10, 1)

    assert (calendar.is_known(2026), calendar.is_known(2031)) == (True, False)
    assert (calendar.is_workday(national_day_2031), calendar.is_workday(date(2031, 10, 4))) == (True, False)
