"""Times as people and programs write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from feedback_site.common.table_files.times import TimeReader, UnclearTimeError

CHINA = TimeReader(zone=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        *[
            (form, "2026-11-30T09:00:00+08:00")
            for form in ("2026/11/30 9:00", "2026-11-30 09:00", "2026.11.30 9:00", "2026年11月30日 9:00")
        ],
        *[
            (form, "2026-11-30T09:00:00+08:00")
            for form in ("2026年11月30日9时", "2026年11月30日 上午9点00分", "２０２６／１１／３０ ９：００")
        ],
        *[
            (form, "2026-11-30T09:00:00+08:00")
            for form in ("20261130 0900", "20261130090000", "2026/11/30 星期一 9:00", "46356.375")
        ],
        *[
            (form, "2026-11-30T09:00:00+08:00")
            for form in ("30.11.2026 9:00", "11/30/2026 9:00 AM", "30-Nov-26 9:00", "Nov 30, 2026 9:00")
        ],
        *[
            (form, "2026-11-30T21:30:00+08:00")
            for form in ("2026年11月30日下午9点30分", "2026-11-30 9:30 PM", "2026/11/30 晚上 9:30")
        ],
        *[
            (form, "2026-11-30T00:00:00+08:00")
            for form in ("2026/11/30", "2026年11月30日", "20261130", "46356", "2026-11-30 12:00 am")
        ],
        *[
            (f"2026-11-30 {form}", "2026-11-30T11:30:00+08:00")
            for form in ("中午11:30", "上午 11:30", "11:30 AM")
        ],
        *[
            (f"2026-11-30 {form}", "2026-11-30T13:00:00+08:00")
            for form in ("下午1点", "中午 1:00", "13:00 PM", "下午 13:00", "13点")
        ],
        *[
            (f"2026-11-30 {form}", "2026-11-30T00:30:00+08:00")
            for form in ("上午 12:30", "凌晨12点30分", "凌晨 0:30")
        ],
        ("2026-11-30 中午12:00", "2026-11-30T12:00:00+08:00"),
        ("2026-11-30 24:00", "2026-12-01T00:00:00+08:00"),
        ("2026-11-30T01:00:00Z", "2026-11-30T01:00:00+00:00"),
        ("1796000000", "2026-11-30T00:53:20+00:00"),
        ("1796000000000", "2026-11-30T00:53:20+00:00"),
    ],
)
def test_one_moment_is_written_in_many_ways(text, moment):
    read = CHINA.read(text)

    assert read is not None
    assert read.isoformat() == moment


@pytest.mark.parametrize(
    "text",
    ["", "9:00", "2026-13-01", "2026-02-30 9:00", "yesterday", "99999999", "2026/11/30 25:00", "3-Foo-26"],
)
def test_what_is_no_time_is_none(text):
    assert CHINA.read(text) is None


@pytest.mark.parametrize(("order", "month"), [("dmy", 6), ("mdy", 5)])
def test_day_and_month_stand_as_stated_else_they_are_refused(order, month):
    assert TimeReader(zone=ZoneInfo("UTC"), date_order=order).read("05/06/2026") == datetime(
        2026, month, 11 - month, tzinfo=UTC
    )
    with pytest.raises(UnclearTimeError):
        CHINA.read("05/06/2026")


@pytest.mark.parametrize(
    "clock", ["晚上 12:00", "晚上 1:00", "上午 13:00", "早上 12:00", "凌晨 7:00", "中午 9:00", "14:00 AM"]
)
def test_an_hour_that_does_not_go_with_its_part_of_the_day_is_refused(clock):
    with pytest.raises(UnclearTimeError):
        CHINA.read(f"2026-11-30 {clock}")


@pytest.mark.parametrize(
    "text", ["2026-03-29 02:00", "2026-03-29 02:59", "2026-10-25 02:00", "2026-10-25 02:59"]
)
def test_hours_that_clocks_skip_or_repeat_are_refused_and_their_neighbours_are_not(text):
    berlin = TimeReader(zone=ZoneInfo("Europe/Berlin"))

    with pytest.raises(UnclearTimeError):
        berlin.read(text)
    assert berlin.read(f"{text[:11]}01:59") is not None
    assert berlin.read(f"{text[:11]}03:00") is not None


def test_days_count_from_1904_where_the_file_says_so():
    read = TimeReader(zone=ZoneInfo("UTC"), is_1904=True).read("44894.375")

    assert read == datetime(2026, 11, 30, 9, tzinfo=UTC)
