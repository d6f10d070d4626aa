"""Working time: the holidays of 2026, other hours, other zones and changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedback_site.common.working_time import OFFICE_HOURS, OFFICE_WEEK, DayHours, WorkingTime

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
HOLIDAYS = {date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 10, 10): True}
OFFICE = WorkingTime(days=HOLIDAYS)
EVERY_DAY = WorkingTime((DayHours(time(8), time(20)),) * 7)
EVENINGS = WorkingTime((*(DayHours(time(18), time(20)),) * 5, DayHours(time(10), time(12)), None), HOLIDAYS)
ROUND_THE_CLOCK = WorkingTime((DayHours(time(), time()),) * 7)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=zone)


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
def test_working_hours_skip_nights_weekends_and_holidays(start, hours, end):
    assert OFFICE.add_hours(at(start), hours, SHANGHAI) == at(end)


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
def test_the_next_working_time_is_now_or_the_next_opening(moment, possible):
    assert OFFICE.next_working_time(at(moment), SHANGHAI) == at(possible)
    assert OFFICE.is_working_time(at(moment), SHANGHAI) is (moment == possible)


def test_no_work_starts_at_closing_time():
    assert OFFICE.start_after(at("11-20T14:00"), 4, SHANGHAI) == at("11-23T09:00")


def test_hours_are_those_of_the_zone():
    paris = OFFICE.add_hours(at("11-20T12:00"), 1, ZoneInfo("Europe/Paris"))

    assert paris == at("11-20T17:00")  # 10:00 in Paris: work begins there at 16:00 in Shanghai


@pytest.mark.parametrize(
    ("calendar", "start", "days", "end"),
    [
        (OFFICE, "11-20T16:00", 1, "11-23T16:00"),
        (OFFICE, "11-20T16:00", 5, "11-27T16:00"),
        (OFFICE, "11-20T09:00", 1, "11-20T18:00"),  # what begins with a day ends with it
        (OFFICE, "11-20T20:00", 2, "11-24T18:00"),
        (OFFICE, "09-30T10:00", 1, "10-08T10:00"),
        (EVERY_DAY, "09-30T10:00", 1, "10-01T10:00"),
        (EVENINGS, "11-20T19:00", 1, "11-21T12:00"),  # later than Saturday's hours
        (EVENINGS, "11-21T11:00", 1, "11-23T18:00"),  # earlier than Monday's
    ],
)
def test_workdays_keep_the_time_of_day_as_far_as_the_hours_allow(calendar, start, days, end):
    assert calendar.add_workdays(at(start), days, SHANGHAI) == at(end)


@pytest.mark.parametrize("start", ["11-20T09:00", "11-20T09:01", "11-20T17:59", "11-21T03:00", "09-30T18:00"])
@pytest.mark.parametrize("days", [1, 2, 5])
def test_with_the_same_hours_each_day_workdays_are_so_many_hours(start, days):
    assert OFFICE.add_workdays(at(start), days, SHANGHAI) == OFFICE.add_hours(at(start), 9 * days, SHANGHAI)


def test_a_station_that_is_open_every_day_works_over_a_public_holiday():
    assert EVERY_DAY.add_hours(at("09-30T19:00"), 2, SHANGHAI) == at("10-01T09:00")


def test_evening_hours_skip_the_day_and_a_workday_without_hours_has_those_of_monday():
    days = {date(2026, 11, 22): True}
    evenings = WorkingTime(EVENINGS.week, days)

    assert evenings.next_working_time(at("11-20T12:00"), SHANGHAI) == at("11-20T18:00")
    assert evenings.next_working_time(at("11-21T12:00"), SHANGHAI) == at("11-22T18:00")
    assert EVENINGS.next_working_time(at("11-21T12:00"), SHANGHAI) == at("11-23T18:00")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-28T23:00+00:00", "2026-03-29T23:00+00:00"),  # 24 hours over a day of 23
        ("2026-10-24T22:00+00:00", "2026-10-25T22:00+00:00"),  # and over one of 25
    ],
)
def test_hours_that_pass_are_counted_over_a_change_of_the_clock(start, end):
    passed = ROUND_THE_CLOCK.add_hours(datetime.fromisoformat(start), 24, BERLIN)

    assert passed.astimezone(UTC) == datetime.fromisoformat(end)


def test_a_day_on_which_the_clock_goes_forward_has_one_hour_less_of_work():
    early = WorkingTime((DayHours(time(), time(6)),) * 7)

    ends = early.add_hours(at("03-28T20:00", BERLIN), 6, BERLIN)

    assert ends == datetime(2026, 3, 29, 23, tzinfo=UTC)  # five hours of the 29th, one of the 30th


def test_offices_open_by_the_clock_after_it_changed():
    assert OFFICE.next_working_time(at("03-27T19:00", BERLIN), BERLIN) == datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert OFFICE.next_working_time(at("03-26T19:00", BERLIN), BERLIN) == datetime(2026, 3, 27, 8, tzinfo=UTC)


def test_a_day_until_midnight_ends_with_the_day():
    late = WorkingTime((DayHours(time(20), time()),) * 7)

    assert late.is_working_time(at("11-20T23:59"), SHANGHAI)
    assert not late.is_working_time(at("11-21T00:00"), SHANGHAI)
    assert late.add_hours(at("11-20T22:00"), 3, SHANGHAI) == at("11-21T21:00")


@pytest.mark.parametrize("closes_at", [time(22), time(6)])
def test_a_shift_past_midnight_is_refused(closes_at):
    with pytest.raises(ValueError, match="cannot end"):
        DayHours(time(22), closes_at)


@pytest.mark.parametrize("week", [(None,) * 7, OFFICE_WEEK[:6], (OFFICE_HOURS,) * 8])
def test_a_week_without_work_or_of_other_days_is_refused(week):
    with pytest.raises(ValueError, match="seven days"):
        WorkingTime(week)


def test_a_deadline_is_never_before_what_it_counts_from():
    for hour in range(0, 24 * 14, 5):
        start = at("09-28T00:30") + timedelta(hours=hour)
        for calendar in (OFFICE, EVERY_DAY, EVENINGS, ROUND_THE_CLOCK):
            ends = [calendar.add_workdays(start, days, SHANGHAI) for days in (1, 2, 3)]
            assert start < ends[0] < ends[1] < ends[2]
