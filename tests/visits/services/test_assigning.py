"""Visits go to the colleague who has the fewest, never to the colleague concerned."""

from datetime import timedelta

import pytest

from feedback_site.accounts.models import User
from feedback_site.common.exceptions import ConflictError, DomainError
from visits.models import ReturnVisit
from visits.selectors.callers import callers_of
from visits.services.assigning import assign_visits, reassign_visit
from visits.services.calling import hold_visit
from visits.services.planning import plan_visits

pytestmark = pytest.mark.django_db


def load() -> dict[str, int]:
    names = ReturnVisit.objects.open().values_list("assignee__username", flat=True)
    return {name: list(names).count(name) for name in set(names)}


def test_visits_are_shared_evenly_by_the_team_and_the_teams_above(repairs, noon):
    for _ in range(4):
        repairs.complaint()
    plan_visits(at=noon)

    assert assign_visits(at=noon) == 4

    assert load() == {"ellen": 2, "ada": 2}
    assert set(ReturnVisit.objects.values_list("assigned_at", flat=True)) == {noon}


def test_the_nearest_team_goes_first_when_all_have_the_same(repairs):
    assert repairs.visit().assignee == repairs.staff.ellen


def test_the_caller_who_has_more_open_visits_goes_last(repairs):
    repairs.visit()
    zoe = repairs.member("zoe", "support_team", repairs.organisation.east_1)

    assert [repairs.visit().assignee for _ in range(3)] == [zoe, repairs.staff.ada, repairs.staff.ellen]


def test_the_agent_concerned_never_gets_the_visit(repairs, noon):
    for _ in range(3):
        repairs.complaint()
    repairs.employ(repairs.staff.ellen)
    plan_visits(at=noon)

    assign_visits(at=noon)

    assert load() == {"ada": 3}


def test_quality_management_steps_in_where_the_line_has_no_other_caller(repairs):
    User.objects.filter(username="ada").update(is_active=False)
    repairs.complaint()
    repairs.employ(repairs.staff.ellen)

    event = repairs.complaint()

    assert repairs.visit(event).assignee == repairs.staff.quinn


def test_a_visit_waits_for_the_next_sweep_when_no_caller_is_there(repairs, noon):
    User.objects.exclude(username="wei").update(is_active=False)
    repairs.complaint()
    plan_visits(at=noon)
    assert assign_visits(at=noon) == 0

    User.objects.filter(username="ada").update(is_active=True)

    assert assign_visits(at=noon) == 1
    assert load() == {"ada": 1}


def test_a_visit_of_a_caller_who_left_or_who_turns_out_to_be_concerned_is_given_to_another(repairs, noon):
    left, concerned = repairs.visit(), repairs.visit(repairs.complaint(agent="B2"))
    User.objects.filter(pk=left.assignee_id).update(is_active=False)
    repairs.employ(concerned.assignee, code="B2")

    assert assign_visits(at=noon) == 2

    assert load() == {"quinn": 1, "ada": 1}


def test_a_visit_is_handed_to_a_colleague(repairs, noon):
    visit = repairs.visit()

    visit = reassign_visit(visit=visit, to=repairs.staff.quinn, at=noon + timedelta(hours=1))

    assert (visit.assignee, visit.assigned_at) == (repairs.staff.quinn, noon + timedelta(hours=1))


@pytest.mark.parametrize("who", ["wei", "max", "vera"])
def test_a_visit_is_not_handed_to_other_teams_or_to_people_who_make_none(repairs, noon, who):
    visit = repairs.visit()

    with pytest.raises(DomainError, match="cannot make the visit"):
        reassign_visit(visit=visit, to=getattr(repairs.staff, who), at=noon)


def test_a_visit_is_not_handed_to_the_agent_concerned(repairs, noon):
    visit = repairs.visit()
    repairs.employ(repairs.staff.ellen)

    with pytest.raises(DomainError, match="about their own work"):
        reassign_visit(visit=visit, to=repairs.staff.ellen, at=noon)


def test_a_closed_visit_or_one_with_the_customer_on_the_line_is_not_handed_over(repairs):
    closed, held = repairs.visit(), repairs.visit()
    due = held.due_from
    repairs.attempt(closed, "refused")
    hold_visit(visit=held, by=held.assignee, at=due)

    with pytest.raises(ConflictError, match="has ended: Refused to talk"):
        reassign_visit(visit=closed, to=repairs.staff.quinn, at=due)
    with pytest.raises(ConflictError, match="in contact with this customer until"):
        reassign_visit(visit=held, to=repairs.staff.quinn, at=due)


def test_those_whom_a_visit_may_be_handed_to_are_named_nearest_first(repairs):
    visit = repairs.visit()

    assert callers_of(visit) == [repairs.staff.ellen, repairs.staff.ada, repairs.staff.quinn]


def test_assigning_takes_a_fixed_number_of_queries(repairs, noon, django_assert_num_queries):
    for _ in range(5):
        repairs.complaint()
    plan_visits(at=noon)

    with django_assert_num_queries(8):  # savepoint, lock, waiting, staff, teams, load, update, release
        assign_visits(at=noon)
