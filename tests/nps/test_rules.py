from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_site.statistics.sample_size import size_for_net_promoter_change
from nps.rules import (
    Fielded,
    allocate,
    expected_completes,
    invitations_for,
    plan_wave,
    quarter_start_of,
    smallest_change,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("moment", "quarter"),
    [
        (datetime(2026, 9, 30, 15, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 9, 30, 16, 0, tzinfo=UTC), date(2026, 10, 1)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 2, 28, 12, 0, tzinfo=UTC), date(2026, 1, 1)),
    ],
)
def test_a_quarter_begins_at_midnight_of_its_zone(moment, quarter):
    assert quarter_start_of(moment, SHANGHAI) == quarter


def test_completes_are_shared_out_in_proportion():
    assert allocate([600, 300, 100], target=100, minimum=0) == [60, 30, 10]


def test_small_strata_get_their_minimum_and_the_others_share_the_rest():
    assert allocate([6000, 3000, 20, 0], target=100, minimum=10) == [60, 30, 10, 0]


def test_no_stratum_is_asked_for_more_than_it_has():
    assert allocate([5, 3], target=100, minimum=30) == [5, 3]


def test_minimums_may_exceed_the_target():
    assert allocate([1000, 1000], target=10, minimum=30) == [30, 30]


@given(st.lists(st.integers(0, 5000), max_size=14), st.integers(1, 2000), st.integers(0, 60))
def test_an_allocation_meets_the_target_the_minimums_and_the_limits(contactable, target, minimum):
    allocation = allocate(contactable, target=target, minimum=minimum)

    floors = [min(minimum, people) for people in contactable]
    assert all(
        floor <= given <= people for floor, given, people in zip(floors, allocation, contactable, strict=True)
    )
    assert sum(allocation) == max(sum(floors), min(target, sum(contactable)))


def test_completes_become_invitations_by_the_response_rate():
    assert invitations_for(30, rate=0.25, people=1000) == 120
    assert invitations_for(30, rate=0.25, people=50) == 50
    assert invitations_for(0, rate=0.25, people=50) == 0
    assert (expected_completes(120, 25), expected_completes(119, 25)) == (30, 29)


def test_a_later_wave_goes_by_the_rate_of_each_stratum():
    strata = [
        Fielded(allocated=50, invited=200, completes=40, left=500),
        Fielded(allocated=50, invited=200, completes=20, left=500),
    ]

    assert plan_wave(strata, target=100, expected_rate=0.25) == [50, 300]


def test_a_stratum_with_few_invitations_goes_by_the_rate_of_all():
    strata = [
        Fielded(allocated=90, invited=360, completes=72, left=500),
        Fielded(allocated=10, invited=20, completes=4, left=500),
    ]

    assert plan_wave(strata, target=100, expected_rate=0.25) == [90, 30]


def test_without_any_answer_the_expected_rate_is_taken():
    assert plan_wave(
        [Fielded(allocated=10, invited=40, completes=0, left=100)], target=10, expected_rate=0.25
    ) == [40]


def test_what_an_exhausted_stratum_cannot_give_is_asked_of_the_others():
    strata = [
        Fielded(allocated=50, invited=200, completes=30, left=0),
        Fielded(allocated=50, invited=200, completes=50, left=400),
    ]

    assert plan_wave(strata, target=100, expected_rate=0.25) == [0, 80]


def test_no_customer_is_asked_once_the_target_is_reached_or_the_frame_exhausted():
    reached = [
        Fielded(allocated=50, invited=200, completes=60, left=10),
        Fielded(allocated=50, invited=200, completes=40, left=10),
    ]
    exhausted = [Fielded(allocated=50, invited=200, completes=10, left=0)]

    assert plan_wave(reached, target=100, expected_rate=0.25) == [0, 0]
    assert plan_wave(exhausted, target=100, expected_rate=0.25) == [0]


def test_the_smallest_change_is_what_the_sample_size_says():
    change = smallest_change(1000, promoters=0.4, detractors=0.2)

    assert change is not None

    def needed(points):
        move = points / 100
        return size_for_net_promoter_change((0.4, 0.2), (0.4 + move / 2, 0.2 - move / 2)).n_per_period

    assert needed(change) <= 1000 < needed(change - 0.1)


def test_no_change_can_be_told_from_no_answers():
    assert smallest_change(0, promoters=0.4, detractors=0.2) is None
    assert smallest_change(1, promoters=0.4, detractors=0.2) is None
