from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback_site.accounts.models import Organisation
from feedback_site.accounts.selectors import remember_organisation
from feedback_site.dashboards.enums import GoalVerdict
from feedback_site.dashboards.selectors.filters import FigureFilter, load_choices
from feedback_site.dashboards.selectors.response_rates import response_funnel

NOVEMBER = FigureFilter(from_on=date(2026, 11, 1), to_on=date(2026, 11, 30))


def counts_of(funnel):
    return {step.step.value: step.count for step in funnel.steps}


def test_few_who_opened_are_not_told_apart(world, staff):
    world.serve("sent", 40)
    world.leave_unfinished(world.serve("visited"), state="partial")

    funnel = response_funnel(NOVEMBER, staff.quinn)

    assert {stop.count for stop in funnel.stops} == {None}


@pytest.mark.parametrize(
    ("n", "shown_n", "hits", "percent", "verdict"),
    [
        (4, None, None, None, GoalVerdict.TOO_FEW),
        (5, 5, None, None, GoalVerdict.TOO_FEW),
        (9, 9, None, None, GoalVerdict.TOO_FEW),
        (10, 10, 10, 100, GoalVerdict.TOO_FEW),
        (29, 29, 29, 100, GoalVerdict.TOO_FEW),
        (30, 30, 30, 100, GoalVerdict.MET),
    ],
)
def test_few_cases_show_little_and_are_not_judged(world, staff, n, shown_n, hits, percent, verdict):
    world.serve("submitted", n)

    funnel = response_funnel(NOVEMBER, staff.quinn)

    rate = funnel.rates.rr1
    assert (rate.hits, rate.share.n, rate.share.percent, rate.verdict) == (hits, shown_n, percent, verdict)
    assert list(counts_of(funnel).values()) == [shown_n, hits, hits, hits, hits, hits]
    (row,) = [row for row in funnel.groups if row.group.slug == "east-1"]
    assert (row.completed, row.invited, row.submitted, row.rates.rr1.share.percent) == (
        shown_n,
        shown_n,
        hits,
        percent,
    )
    assert (funnel.outcome_rates is None) is (n < 30)


@pytest.mark.parametrize(("goal", "is_met"), [(30, True), (60, False)])
def test_rates_are_held_against_the_goal_that_the_company_set(world, staff, goal, is_met):
    world.serve("submitted", 30)
    world.serve("sent", 30)
    remember_organisation(Organisation(response_rate_goal=goal))

    funnel = response_funnel(NOVEMBER, staff.quinn)

    assert (funnel.goal, funnel.rates.rr1.verdict is GoalVerdict.MET) == (goal, is_met)


def test_a_step_after_too_few_shows_nothing(world, staff):
    world.serve("no_consent", 40)
    world.serve("submitted", 2)
    world.serve("sent", 1)

    funnel = response_funnel(NOVEMBER, staff.quinn)

    steps = {step.step.value: step for step in funnel.steps}
    assert (steps["invited"].count, steps["sent"].count, steps["submitted"].count) == (3, None, None)
    assert (steps["sent"].of_first.percent, steps["submitted"].of_first.n) == (None, None)


@pytest.mark.parametrize(
    ("answered", "verdict"), [(40, GoalVerdict.NOT_MET), (60, GoalVerdict.UNCLEAR), (80, GoalVerdict.MET)]
)
def test_the_interval_says_whether_the_goal_is_met(world, staff, answered, verdict):
    world.serve("submitted", answered)
    world.serve("sent", 100 - answered)

    assert response_funnel(NOVEMBER, staff.quinn).rates.rr1.verdict is verdict


def test_nothing_is_a_funnel_without_figures(world, staff):
    funnel = response_funnel(NOVEMBER, staff.quinn)

    assert (funnel.is_empty, funnel.completed, funnel.groups, funnel.reasons) == (True, None, [], [])
    assert set(counts_of(funnel).values()) == {None}


@pytest.mark.parametrize("name", ["ellen", "quinn"])
def test_more_cases_take_no_more_queries(world, staff, name):
    user = getattr(staff, name)
    found = []
    for times in (3, 60):
        world.scatter(times, seed=times)
        with CaptureQueriesContext(connection) as queries:
            response_funnel(NOVEMBER, user)
        found.append(len(queries))

    assert found == [6, 6]


def test_choices_that_are_handed_in_are_not_read_again(world, staff, django_assert_num_queries):
    choices = load_choices(user=staff.quinn)

    with django_assert_num_queries(1):
        response_funnel(NOVEMBER, staff.quinn, choices=choices)


def test_a_chosen_team_stands_first_and_no_team_above_it(world, staff, organisation):
    world.serve("submitted", 10)
    world.serve("submitted", 20, team=organisation.east)
    narrowed = FigureFilter(from_on=NOVEMBER.from_on, to_on=NOVEMBER.to_on, team_id=organisation.east_1.pk)

    rows = response_funnel(narrowed, staff.quinn).groups

    assert [(row.group.slug, row.group.depth, row.completed) for row in rows] == [("east-1", 0, 10)]
