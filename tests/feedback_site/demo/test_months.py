import random
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from feedback_site.demo.months import Volume, history_months

SHANGHAI = ZoneInfo("Asia/Shanghai")


def months(moment: datetime):
    return history_months(at=moment, zone=SHANGHAI, volume=Volume(last_quarter=170, since=72, least=58))


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 20, 15, 0, tzinfo=SHANGHAI),
        datetime(2026, 3, 1, 0, 0, 1, tzinfo=SHANGHAI),
        datetime(2026, 3, 1, 0, 30, tzinfo=SHANGHAI),
        datetime(2026, 1, 1, 9, 0, tzinfo=SHANGHAI),
        datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI),
    ],
)
def test_every_case_ends_in_its_month_and_before_now(moment):
    dice = random.Random(1)  # noqa: S311 - any value will do

    for month in months(moment):
        ends = [month.ended_at(dice) for _ in range(200)]

        assert {end.date().replace(day=1) for end in ends} == {month.start_on}
        assert max(ends) <= moment


@pytest.mark.parametrize(
    ("moment", "starts"),
    [
        (
            datetime(2026, 11, 20, 15, 0, tzinfo=SHANGHAI),
            ["2026-07-01", "2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"],
        ),
        (
            datetime(2026, 1, 1, 9, 0, tzinfo=SHANGHAI),
            ["2025-10-01", "2025-11-01", "2025-12-01", "2026-01-01"],
        ),
        (
            datetime(2026, 6, 30, 23, 59, tzinfo=SHANGHAI),
            ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"],
        ),
    ],
)
def test_history_begins_with_last_quarter(moment, starts):
    assert [month.start_on.isoformat() for month in months(moment)] == starts


def test_last_quarter_is_busy_and_a_young_month_still_has_enough_cases():
    assert [month.cases for month in months(datetime(2026, 3, 1, 0, 30, tzinfo=SHANGHAI))] == [
        170,
        170,
        170,
        72,
        72,
        58,
    ]
