from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedback_site.accounts.models import Organisation, User
from feedback_site.accounts.selectors import remember_organisation
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.improvements.models import ImprovementAction, Problem
from feedback_site.improvements.services import finish_action, plan_action
from feedback_site.service_events.models import ServiceEventTransition
from visits.models import Escalation, ReturnVisit
from visits.services.escalating import close_escalation

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def test_not_resolved_reopens_the_case_and_gives_it_an_owner_a_deadline_and_a_problem(repairs, visit, staff):
    repairs.employ(staff.ellen)
    ReturnVisit.objects.update(assignee=staff.ada)

    attempt = repairs.attempt(visit, "not_resolved")

    event = visit.service_event
    event.refresh_from_db()
    reopened = ServiceEventTransition.objects.get(event=event, type="reopened")
    assert (event.status, reopened.at) == ("reopened", attempt.made_at)
    assert reopened.details == {"reason": "return_visit", "visit": str(visit.pk)}
    escalation = Escalation.objects.get()
    assert (escalation.visit, escalation.case_id, escalation.team, escalation.status) == (
        visit,
        event.pk,
        visit.team,
        "open",
    )
    assert (escalation.owner, escalation.opened_at) == (staff.ada, attempt.made_at)
    assert escalation.deadline_at == shanghai("11-24T16:00")  # eighteen working hours after Friday 16:00
    problem = Problem.objects.get()
    assert (problem.source, problem.source_id, problem.service_event) == ("escalation", escalation.pk, event)
    assert (problem.owner, problem.due_at, escalation.problem) == (staff.ada, escalation.deadline_at, problem)


def test_escalations_are_shared_evenly(repairs):
    for _ in range(4):
        repairs.attempt(repairs.visit(), "not_resolved")

    assert sorted(Escalation.objects.values_list("owner__username", flat=True)) == [
        "ada",
        "ada",
        "ellen",
        "ellen",
    ]


def test_an_escalation_may_find_no_owner(repairs, visit):
    caller = visit.assignee
    User.objects.update(is_active=False)

    repairs.attempt(visit, "not_resolved", by=caller)

    assert Escalation.objects.get().owner is None


def test_a_case_that_a_colleague_has_reopened_is_not_reopened_again(repairs, visit):
    repairs.reopen(visit.service_event, at=visit.due_from)

    repairs.attempt(visit, "not_resolved", at=visit.due_from + HOUR)

    assert ServiceEventTransition.objects.filter(type="reopened").count() == Escalation.objects.count() == 1


def test_a_detractor_without_a_case_is_escalated_all_the_same(repairs, noon):
    repairs.plan("detractor")
    customer = repairs.complaint(is_complaint=False).customer
    repairs.answer(None, score=2, customer=customer)
    repairs.visit(at=noon)
    visit = ReturnVisit.objects.get(trigger="detractor")

    repairs.attempt(visit, "not_resolved")

    escalation = Escalation.objects.get()
    assert (escalation.case_id, escalation.problem.service_event) == (customer.pk, None)
    assert not ServiceEventTransition.objects.filter(type="reopened").exists()


@pytest.fixture
def escalated(repairs, visit):
    """The case after a verdict of not resolved, repaired an hour later, with its next visit."""
    repairs.attempt(visit, "not_resolved")
    repairs.complete(visit.service_event, at=visit.due_from + HOUR)
    return repairs.visit(visit.service_event, at=visit.due_from + HOUR)


def test_an_escalation_has_the_workdays_that_the_company_set(repairs, visit):
    remember_organisation(Organisation(repair_within_days=1))

    repairs.attempt(visit, "not_resolved")

    assert Escalation.objects.get().deadline_at == shanghai("11-23T16:00")  # from Friday 16:00


def test_an_open_escalation_stays_with_its_deadline_when_the_case_fails_again(repairs, escalated):
    before = Escalation.objects.get()

    repairs.attempt(escalated, "not_resolved")

    after = Escalation.objects.get()
    assert (after.pk, after.deadline_at, after.status) == (before.pk, before.deadline_at, "open")
    assert ServiceEventTransition.objects.filter(type="reopened").count() == 2


def test_a_verified_repair_closes_the_escalation_and_proves_the_action(repairs, visit, staff):
    repairs.plan("improvement")
    repairs.attempt(visit, "not_resolved")
    repaired_at = visit.due_from + HOUR
    problem = Problem.objects.get()
    action = plan_action(
        problem=problem,
        measure="new seal",
        owner=staff.ada,
        due_on=repaired_at.date(),
        proof_kind="visit",
        at=visit.due_from,
    )
    finish_action(action=action, at=repaired_at)
    repairs.complete(visit.service_event, at=repaired_at)
    second = repairs.visit(visit.service_event, at=repaired_at)
    assert sorted(second.sources.values_list("kind", flat=True)) == ["complaint_closed", "improvement"]

    attempt = repairs.attempt(second, "verified_resolved")

    escalation = Escalation.objects.get()
    assert (escalation.status, escalation.closed_at, escalation.closed_by) == (
        "verified",
        attempt.made_at,
        None,
    )
    action = ImprovementAction.objects.get()
    assert (action.status, action.proved_at, action.proof_visit_id) == ("proved", attempt.made_at, second.pk)
    problem.refresh_from_db()
    assert (problem.status, problem.closing_reason) == ("closed", "proved")


def test_an_action_that_did_not_help_is_stated_to_have_failed(repairs, escalated, staff):
    repairs.plan("improvement")
    action = plan_action(
        problem=Problem.objects.get(),
        measure="new seal",
        owner=staff.ada,
        due_on=escalated.planned_at.date(),
        proof_kind="visit",
        at=escalated.planned_at,
    )
    finish_action(action=action, at=escalated.planned_at)

    repairs.attempt(escalated, "not_resolved")

    action.refresh_from_db()
    assert (action.status, action.proof_visit_id) == ("failed", None)


def test_an_escalation_is_closed_without_proof_by_a_colleague_who_says_why(repairs, visit, staff, noon):
    repairs.attempt(visit, "not_resolved")
    escalation = Escalation.objects.get()
    with pytest.raises(DomainError, match="say why"):
        close_escalation(escalation=escalation, by=staff.quinn, note=" ", at=noon + 9 * HOUR)

    closed = close_escalation(escalation=escalation, by=staff.quinn, note="moved abroad", at=noon + 9 * HOUR)

    assert (closed.status, closed.closed_at, closed.closed_by, closed.closing_note) == (
        "closed",
        noon + 9 * HOUR,
        staff.quinn,
        "moved abroad",
    )
    with pytest.raises(ConflictError, match="closed already: Closed without verification"):
        close_escalation(escalation=escalation, by=staff.quinn, note="again", at=noon + 10 * HOUR)
