from datetime import timedelta

import pytest

from visits.models import ReturnVisit
from visits.selectors.work_list import work_list
from visits.services.calling import hold_visit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def visit(repairs) -> ReturnVisit:
    """Ellen's visit to a complaint that was opened three days ago."""
    return repairs.visit()


def test_a_line_says_what_a_caller_needs_and_masks_the_contact(visit, staff):
    hold_visit(visit=visit, by=staff.ada, at=visit.due_from)

    (item,) = work_list(staff.ellen, at=visit.due_from)

    assert (item.visit_id, item.trigger_label, item.mode_label) == (visit.pk, "complaint closed", "by phone")
    assert (item.customer, item.phone) == ("王**", "****01")
    assert (item.kind, item.channel, item.case_number, item.team) == (
        "Complaint handling",
        "Phone",
        "T-1",
        "East-1",
    )
    assert (item.assignee, item.is_mine, item.is_own_work, item.is_complaint) == ("ellen", True, False, True)
    assert (item.is_due, item.is_overdue, item.age_days) == (True, False, 3)
    assert (item.attempts_made, item.max_attempts, item.last_outcome) == (0, 3, "")
    assert (item.held_by, item.held_until, item.is_held_by_other) == (
        "ada",
        visit.due_from + timedelta(minutes=10),
        True,
    )


def test_a_hold_that_ran_out_is_not_shown(visit, staff):
    hold_visit(visit=visit, by=staff.ada, at=visit.due_from)

    (item,) = work_list(staff.ellen, at=visit.due_from + HOUR)

    assert (item.held_by, item.held_until, item.is_held_by_other) == ("", None, False)


def test_what_is_due_comes_first_by_its_date_then_what_is_planned_by_its_next_attempt(repairs, staff, noon):
    second, first, tried = repairs.visit(), repairs.visit(), repairs.visit()
    ReturnVisit.objects.filter(pk=first.pk).update(due_at=first.due_at - HOUR)
    repairs.attempt(tried, "no_answer")

    items = work_list(staff.ada, at=first.due_at, only_mine=False)
    assert [(item.visit_id, item.is_due, item.is_overdue) for item in items[:2]] == [
        (first.pk, True, True),
        (second.pk, True, False),
    ]

    items = work_list(staff.ada, at=first.due_from, only_mine=False)
    assert [(item.visit_id, item.is_due) for item in items] == [
        (first.pk, True),
        (second.pk, True),
        (tried.pk, False),
    ]
    assert (items[2].attempts_made, items[2].last_outcome) == (1, "No answer")


def test_the_list_is_ones_own_or_that_of_ones_teams(repairs, staff):
    mine, adas = repairs.visit(), repairs.visit()
    repairs.visit(repairs.complaint(team=repairs.organisation.west_1))
    at = mine.due_from

    assert [item.visit_id for item in work_list(staff.ellen, at=at)] == [mine.pk]
    assert {item.visit_id for item in work_list(staff.ellen, at=at, only_mine=False)} == {mine.pk, adas.pk}
    assert len(work_list(staff.quinn, at=at, only_mine=False)) == 3
    assert work_list(staff.max, at=at, only_mine=False) == []


def test_an_assessor_sees_what_is_assigned_to_them_only(repairs, visit, staff):
    assert work_list(staff.vera, at=visit.due_from, only_mine=False) == []

    ReturnVisit.objects.update(assignee=staff.vera)

    assert len(work_list(staff.vera, at=visit.due_from, only_mine=False)) == 1


def test_ones_own_work_and_a_case_in_escalation_are_marked(repairs, visit, staff):
    repairs.employ(staff.ellen)
    repairs.attempt(visit, "not_resolved", by=staff.ada)
    repairs.complete(visit.service_event, at=visit.due_from + HOUR)
    repairs.visit(visit.service_event, at=visit.due_from + HOUR)

    (item,) = work_list(staff.ellen, at=visit.due_from + HOUR, only_mine=False)

    assert (item.is_own_work, item.is_escalated, item.is_mine) == (True, True, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_takes_the_same_queries_whatever_its_length(
    repairs, staff, noon, rows, django_assert_num_queries
):
    for _ in range(rows):
        repairs.attempt(repairs.visit(), "no_answer")

    with django_assert_num_queries(2):
        items = work_list(staff.ada, at=noon, only_mine=False)

    assert len(items) == rows
