"""Periods of every kind: their first days, ends, codes and words."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from feedback_site.evaluations.enums import PeriodKind
from feedback_site.evaluations.rules import (
    Period,
    period_before,
    period_code,
    period_end,
    period_in_words,
    period_of_code,
    period_start,
    periods_of,
)
from feedback_site.evaluations.rules.periods import DAYS, MONTHS

# How long a period may be, in days.
LENGTHS = {
    PeriodKind.DAY: {1},
    PeriodKind.WEEK: {7},
    PeriodKind.MONTH: {28, 29, 30, 31},
    PeriodKind.QUARTER: {90, 91, 92},
    PeriodKind.HALF_YEAR: {181, 182, 184},
    PeriodKind.YEAR: {365, 366},
}
days = st.dates(date(2, 1, 1), date(9998, 12, 31))


def test_every_kind_is_a_number_of_days_or_of_months():
    assert sorted([*DAYS, *MONTHS]) == sorted(PeriodKind) == sorted(LENGTHS)


@pytest.mark.parametrize(
    ("kind", "start", "end", "code", "english", "chinese"),
    [
        ("day", date(2026, 12, 31), date(2027, 1, 1), "2026-12-31", "Dec. 31, 2026", "2026年12月31日"),
        ("week", date(2026, 12, 28), date(2027, 1, 4), "2026-W53", "week 53 of 2026", "2026年第53周"),
        ("month", date(2026, 12, 1), date(2027, 1, 1), "2026-12", "December 2026", "2026年12月"),
        ("quarter", date(2026, 10, 1), date(2027, 1, 1), "2026-Q4", "2026 Q4", "2026年第4季度"),
        (
            "half_year",
            date(2026, 7, 1),
            date(2027, 1, 1),
            "2026-H2",
            "second half of 2026",
            "2026年下半年",
        ),
        ("year", date(2026, 1, 1), date(2027, 1, 1), "2026", "2026", "2026"),
    ],
)
def test_a_day_lies_in_its_period(kind, start, end, code, english, chinese):
    day = date(2026, 12, 31)

    assert (period_start(kind, day), period_end(kind, start), period_code(kind, start)) == (start, end, code)
    for language, words in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            assert period_in_words(kind, start) == words


@pytest.mark.parametrize(
    ("day", "start", "code"),
    [
        (date(2027, 1, 3), date(2026, 12, 28), "2026-W53"),
        (date(2024, 12, 30), date(2024, 12, 30), "2025-W01"),
        (date(2026, 11, 29), date(2026, 11, 23), "2026-W48"),
    ],
)
def test_a_week_belongs_to_the_year_of_its_thursday(day, start, code):
    assert (period_start("week", day), period_code("week", start)) == (start, code)


def test_the_first_half_of_a_year_ends_with_june():
    assert period_start("half_year", date(2026, 6, 30)) == date(2026, 1, 1)
    assert period_start("half_year", date(2026, 7, 1)) == date(2026, 7, 1)
    with translation.override("zh-hans"):
        assert period_in_words("half_year", date(2026, 1, 1)) == "2026年上半年"


@given(kind=st.sampled_from(PeriodKind), day=days)
def test_periods_follow_each_other_without_a_gap(kind, day):
    start = period_start(kind, day)
    end = period_end(kind, start)

    assert start <= day < end
    assert (end - start).days in LENGTHS[kind]
    assert {period_start(kind, start), period_start(kind, end - timedelta(days=1))} == {start}
    assert period_start(kind, end) == end
    assert period_before(kind, end) == start


@given(kind=st.sampled_from(PeriodKind), day=days)
def test_a_code_means_one_period(kind, day):
    period = Period(kind, period_start(kind, day))

    assert period_of_code(period_code(*period)) == period


@pytest.mark.parametrize(
    "code",
    [
        *("", "2026-13", "2026-00", "2026-11-31", "2026-W00", "2026-W54", "2025-W53", "2026-Q5", "2026-H3"),
        *("0000", "26", "2026-1", "2026-w48", "2026-11 ", "\uff12026"),
    ],
)
def test_other_signs_mean_none(code):
    assert period_of_code(code) is None


@pytest.mark.parametrize(
    ("month", "quarter"), [(1, 1), (3, 1), (4, 4), (6, 4), (7, 7), (9, 7), (10, 10), (12, 10)]
)
def test_a_month_belongs_to_one_quarter(month, quarter):
    day = date(2026, month, 15)

    assert periods_of(day) == (
        Period("month", date(2026, month, 1)),
        Period("quarter", date(2026, quarter, 1)),
    )
