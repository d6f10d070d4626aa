from datetime import date

import pytest

from feedback_site.evaluations.rules import Period, period_code, period_end, period_start, periods_of


@pytest.mark.parametrize(
    ("kind", "start", "end", "code"),
    [
        ("month", date(2026, 12, 1), date(2027, 1, 1), "2026-12"),
        ("quarter", date(2026, 10, 1), date(2027, 1, 1), "2026-Q4"),
        ("year", date(2026, 1, 1), date(2027, 1, 1), "2026"),
    ],
)
def test_a_day_lies_in_its_period(kind, start, end, code):
    day = date(2026, 12, 31)

    assert (period_start(kind, day), period_end(kind, start), period_code(kind, start)) == (start, end, code)


@pytest.mark.parametrize(
    ("month", "quarter"), [(1, 1), (3, 1), (4, 4), (6, 4), (7, 7), (9, 7), (10, 10), (12, 10)]
)
def test_a_month_belongs_to_one_quarter(month, quarter):
    day = date(2026, month, 15)

    assert periods_of(day) == (
        Period("month", date(2026, month, 1)),
        Period("quarter", date(2026, quarter, 1)),
    )
