import random
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from feedback_site.demo.months import history_months

SHANGHAI = ZoneInfo("Asia/Shanghai")


def months(moment: datetime):
    return history_months(at=moment, zone=SHANGHAI, last_month_cases=72, least_cases=58)


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


def test_the_first_of_january_follows_december():
    last, this = months(datetime(2026, 1, 1, 9, 0, tzinfo=SHANGHAI))

    assert (last.start_on.isoformat(), this.start_on.isoformat()) == ("2025-12-01", "2026-01-01")


def test_a_young_month_still_has_enough_cases():
    _last, this = months(datetime(2026, 3, 1, 0, 30, tzinfo=SHANGHAI))

    assert this.cases == 58
