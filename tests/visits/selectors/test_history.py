from datetime import timedelta

import pytest

from feedback_site.delivery.models import Message
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.services import record_transition
from surveys.models import EventDecision, Invitation
from visits.models import Escalation
from visits.selectors.history import case_history
from visits.services.escalating import close_escalation

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def told(visit) -> list[tuple[str, str]]:
    return [(item.kind, item.sentence) for item in case_history(visit)]


def test_a_case_is_told_from_first_to_last(repairs, noon, staff):
    event = repairs.complaint()
    response = repairs.answer(event, score=2, at=noon + 30 * MINUTE)
    _sent(response.invitation, noon + 40 * MINUTE)
    first = repairs.visit(event, at=noon + HOUR)
    repairs.attempt(first, "no_answer", note="mailbox")
    repairs.attempt(first, "not_resolved", note="still leaks")
    first.refresh_from_db()
    repairs.complete(event, at=first.closed_at + HOUR)
    second = repairs.visit(event, at=first.closed_at + 2 * HOUR)
    repairs.attempt(second, "verified_resolved")

    history = case_history(second)

    assert [item.at for item in history] == sorted(item.at for item in history)
    assert [(item.kind, item.sentence) for item in history] == [
        ("opened", "The complaint was registered."),
        ("completed", "The service was completed."),
        ("invited", "The customer was invited to a questionnaire."),
        ("answered", "The customer gave 2 of 5."),
        ("sent", "The invitation was sent by SMS."),
        ("visit", "A return visit was planned: complaint closed."),
        ("attempt", "Attempt 1 by ellen: No answer."),
        ("attempt", "Attempt 2 by ellen: Not resolved."),
        ("reopened", "The service event was reopened."),
        ("escalated", "Escalated to ellen, to be solved by 2026-11-25 11:00."),
        ("completed", "The service was completed."),
        ("visit", "A return visit was planned: complaint closed."),
        ("attempt", "Attempt 1 by ellen: Verified: resolved."),
        ("escalation_closed", "The customer confirmed that the problem is solved."),
    ]
    assert [item.note for item in history if item.note] == ["还是漏水", "mailbox", "still leaks"]


def _sent(invitation, at) -> None:
    Message.objects.create(
        subject_kind="invitation",
        subject_id=invitation.pk,
        channel="sms",
        team=invitation.team,
        status="sent",
        sent_at=at,
        due_at=at,
        send_until=at + HOUR,
        queued_at=at,
    )


def test_a_case_whose_customer_was_not_asked_says_why(repairs):
    event = repairs.complaint()
    EventDecision.objects.create(
        service_event=event,
        completion=event.transitions.get(),
        reason="no_contact",
        decided_at=event.completed_at,
    )

    assert ("decided", "The customer was not asked: no contact.") in told(repairs.visit(event))


def test_a_detractor_without_a_case_has_the_answer_and_nothing_of_other_customers(repairs, noon):
    repairs.plan("detractor")
    ours, theirs = (
        repairs.complaint(is_complaint=False).customer,
        repairs.complaint(is_complaint=False).customer,
    )
    repairs.answer(None, score=3, customer=ours)
    repairs.answer(None, score=0, customer=theirs)
    repairs.visit(repairs.complaint())
    visit = ours.return_visits.get()

    assert told(visit) == [
        ("invited", "The customer was invited to a questionnaire."),
        ("answered", "The customer would recommend us with 3 of 10 points."),
        ("visit", "A return visit was planned: NPS detractor."),
    ]


def test_ends_without_proof_and_without_reaching_anybody_are_told(repairs, staff):
    visit = repairs.visit()
    repairs.attempt(visit, "not_resolved")
    visit.refresh_from_db()
    Escalation.objects.update(owner=None)
    close_escalation(
        escalation=Escalation.objects.get(), by=staff.quinn, note="moved abroad", at=visit.closed_at + HOUR
    )
    repairs.complete(visit.service_event, at=visit.closed_at + 2 * HOUR)
    again = repairs.visit(visit.service_event, at=visit.closed_at + 2 * HOUR)
    for _ in range(3):
        repairs.attempt(again, "no_answer")

    sentences = [sentence for _kind, sentence in told(again)]

    assert "Escalated; not assigned yet. To be solved by 2026-11-24 16:00." in sentences
    assert "The escalation was closed without verification." in sentences
    assert sentences[-1] == "The customer was not reached; the visit has ended."
    assert not Invitation.objects.filter(purpose="survey").exists()


@pytest.mark.parametrize("attempts", [1, 3])
def test_a_history_takes_the_same_queries_whatever_its_length(repairs, attempts, django_assert_num_queries):
    event = repairs.complaint()
    repairs.answer(event, score=2)
    visit = repairs.visit(event)
    for _ in range(attempts):
        repairs.attempt(visit, "no_answer")

    with django_assert_num_queries(8):
        case_history(visit)


def test_every_kind_of_fact_about_the_event_is_told(repairs, noon):
    event, newer = repairs.complaint(), repairs.complaint()
    visit = repairs.visit(event)
    later = [kind for kind in TransitionType if kind is not TransitionType.COMPLETED]
    # What is superseded takes nothing more, so it comes last.
    for number, kind in enumerate(sorted(later, key=TransitionType.SUPERSEDED.__eq__), 1):
        at = noon + number * MINUTE
        replacement = newer if kind is TransitionType.SUPERSEDED else None
        record_transition(event=event, type=kind, happened_at=at, at=at, superseded_by=replacement)

    kinds_told = [item.kind for item in case_history(visit) if item.kind in TransitionType.values]

    assert sorted(kinds_told) == sorted(TransitionType.values)
