"""Weak indicators that become problems."""

from datetime import UTC, date, datetime, timedelta

import pytest

from feedback_site.evaluations.models import Indicator
from feedback_site.improvements.enums import ClosingReason
from feedback_site.improvements.models import Problem
from feedback_site.improvements.services import close_problem, open_problems_of_weak_indicators
from tests.factories.improvements.fixtures import DECEMBER, NOVEMBER

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)


def test_a_figure_below_its_baseline_opens_one_problem(organisation, put_on_record, satisfaction, noon):
    measurement = put_on_record("3.62", 120)

    opened = [
        open_problems_of_weak_indicators(at=noon),
        open_problems_of_weak_indicators(at=noon + timedelta(minutes=1)),
    ]

    problem = Problem.objects.get()
    assert opened == [1, 0]
    assert (problem.team, problem.source, problem.indicator, problem.measurement, problem.opened_at) == (
        organisation.east_1,
        "weak_indicator",
        satisfaction,
        measurement,
        noon,
    )
    assert problem.manifestation == "2026-11: 3.62 < 4 (n = 120)"


def test_where_lower_is_better_more_is_weak(put_on_record, noon):
    hours = Indicator.objects.get(slug="first_response_time")
    put_on_record("2.5", 50, indicator=hours)

    assert open_problems_of_weak_indicators(at=noon) == 1
    assert Problem.objects.get().manifestation == "2026-11: 2.50 > 2 (n = 50)"


@pytest.mark.parametrize(
    ("value", "n", "facts"),
    [
        ("4", 120, {}),  # on the baseline
        ("3.5", 29, {}),  # too few cases for a grade
        ("3.5", 120, {"status": "draft"}),
        ("3.5", 120, {"start": date(2025, 11, 1)}),  # imported history
    ],
)
def test_what_is_no_finding_opens_nothing(put_on_record, noon, value, n, facts):
    put_on_record(value, n, **facts)

    assert open_problems_of_weak_indicators(at=noon) == 0


@pytest.mark.parametrize("status", ["calculated", "reviewed", "published"])
def test_records_of_every_other_status_count(put_on_record, noon, status):
    put_on_record("3.5", 120, status=status)

    assert open_problems_of_weak_indicators(at=noon) == 1


def test_only_the_newest_figure_that_can_carry_a_grade_counts(organisation, put_on_record, noon):
    put_on_record("3.5", 120, start=OCTOBER)
    put_on_record("4.5", 120)
    put_on_record("3.5", 120, team=organisation.west_1, start=OCTOBER)
    put_on_record("4.5", 12, team=organisation.west_1)

    assert open_problems_of_weak_indicators(at=noon) == 1
    assert Problem.objects.get().team == organisation.west_1


def test_a_replaced_revision_opens_nothing(put_on_record, noon):
    put_on_record("3.5", 120, status="published")
    put_on_record("4.5", 140, revision=2)

    assert open_problems_of_weak_indicators(at=noon) == 0


def test_a_quarter_tells_what_small_months_cannot(put_on_record, noon):
    put_on_record("3.5", 20)
    put_on_record("3.5", 45, kind="quarter", start=OCTOBER)

    assert open_problems_of_weak_indicators(at=noon) == 1
    assert Problem.objects.get().manifestation == "2026-Q4: 3.50 < 4 (n = 45)"


def test_a_month_and_its_quarter_open_one_problem(put_on_record, noon):
    put_on_record("3.5", 45)
    put_on_record("3.6", 90, kind="quarter", start=OCTOBER)

    assert open_problems_of_weak_indicators(at=noon) == 1
    assert Problem.objects.count() == 1


def test_teams_and_regions_have_problems_of_their_own(organisation, put_on_record, noon):
    put_on_record("3.5", 120)
    put_on_record("3.7", 400, team=organisation.east)

    assert open_problems_of_weak_indicators(at=noon) == 2


def test_a_team_that_is_gone_has_no_problems(organisation, put_on_record, noon):
    put_on_record("3.5", 120)
    organisation.east_1.is_active = False
    organisation.east_1.save()

    assert open_problems_of_weak_indicators(at=noon) == 0


def test_what_was_withdrawn_opens_again_only_with_a_period_that_began_later(put_on_record, noon):
    put_on_record("3.5", 120)
    open_problems_of_weak_indicators(at=noon)
    close_problem(problem=Problem.objects.get(), reason=ClosingReason.WITHDRAWN, at=noon)

    put_on_record("3.4", 130, kind="quarter", start=OCTOBER)
    same_periods = open_problems_of_weak_indicators(at=noon)
    put_on_record("3.5", 120, start=DECEMBER)
    later = open_problems_of_weak_indicators(at=datetime(2026, 12, 20, tzinfo=UTC))

    assert (same_periods, later) == (0, 1)
    assert [problem.manifestation[:7] for problem in Problem.objects.open()] == ["2026-12"]
    assert NOVEMBER < noon.date() < DECEMBER
