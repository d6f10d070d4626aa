from datetime import timedelta

import pytest

from feedback_site.service_events.models import ServiceEvent
from surveys.models import Response
from tests.factories.visits.calls import text_of, told
from tests.factories.visits.fixtures import SCRIPT
from visits.models import Escalation, ReturnVisit, VisitAttempt

pytestmark = pytest.mark.django_db

ANSWERS = {f"script-{key}": values[0] for key, values in SCRIPT.items()}


def now_of(visit):
    return ReturnVisit.objects.get(pk=visit.pk)


def test_verified_closes_the_visit_and_stores_the_answers_apart_from_the_customers_own(repairs, due, ellen):
    event = repairs.complaint()
    own = repairs.answer(event, score=2)
    visit = due(event)
    ellen.post(visit, "hold")

    response = ellen.record(visit, "verified_resolved", note="All dry.", **ANSWERS)

    closed = now_of(visit)
    assert told(response) == ["Recorded: the customer says the problem is solved. The visit has ended."]
    assert (closed.status, closed.outcome, closed.held_by) == ("closed", "verified_resolved", None)
    assert Response.objects.get(pk=closed.invitation_id).satisfaction == 4
    assert Response.objects.get(pk=own.pk).satisfaction == 2
    assert "The customer gave 2 of 5." in text_of(ellen.open(visit))


def test_not_resolved_reopens_the_event_and_names_the_owner_and_the_deadline(visit, ellen):
    response = ellen.record(visit, "not_resolved", **ANSWERS)

    escalation = Escalation.objects.get()
    (message,) = told(response)
    assert message.startswith("Recorded: not resolved. The service event was reopened and escalated to ")
    assert str(escalation.owner) in message
    assert ServiceEvent.objects.get(pk=visit.service_event_id).status == "reopened"


def test_a_call_without_an_answer_says_when_to_try_again(visit, ellen):
    response = ellen.record(visit, "no_answer")

    (message,) = told(response)
    assert message.startswith("Recorded. The next attempt may be made from ")
    assert now_of(visit).attempts_made == 1
    assert now_of(visit).next_attempt_at > now_of(visit).due_from


def test_the_last_call_without_an_answer_closes_the_visit(due, ellen):
    visit = due(attempts_made=2)
    assert "This is the last attempt" in text_of(ellen.post(visit, "hold", note="x"))

    response = ellen.record(visit, "call_later")

    assert told(response) == ["Recorded. The visit has ended: Not reached."]


@pytest.mark.parametrize(
    ("outcome", "sentence"), [("refused", "Refused to talk"), ("wrong_number", "Wrong number")]
)
def test_outcomes_without_a_verdict_close_the_visit_without_a_script(visit, ellen, outcome, sentence):
    response = ellen.record(visit, outcome, **ANSWERS)

    assert told(response) == [f"Recorded. The visit has ended: {sentence}."]
    assert not Response.objects.exists()


def test_a_call_for_later_is_kept_in_the_teams_time(visit, ellen, tomorrow, organisation):
    slot = tomorrow(is_working=True)

    response = ellen.record(visit, "call_later", call_at=slot)

    kept = now_of(visit).next_attempt_at.astimezone(organisation.east_1.zone)
    assert f"{kept:%Y-%m-%dT%H:%M}" == slot
    assert told(response)[0].startswith("Recorded. The next attempt may be made from ")


def test_a_slot_on_a_holiday_is_refused_at_its_field_and_keeps_what_was_typed(visit, ellen, tomorrow):
    slot = tomorrow(is_working=False)
    ellen.post(visit, "hold")

    response = ellen.post(visit, outcome="call_later", call_at=slot, note="After the feast.")

    page = text_of(response)
    assert response.status_code == 400
    assert list(response.context["wrong"].fields) == ["call_at"]
    assert "Customers are not called at that time." in page
    assert f'value="{slot}"' in page
    assert "After the feast." in page
    assert 'value="call_later" id="outcome-call_later" checked' in page
    assert not VisitAttempt.objects.exists()


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"note": "Kept."}, {"outcome": "Choose the result of this attempt."}),
        (
            {"outcome": "kidnapped", "note": "Kept."},
            {"outcome": "Select a valid choice. kidnapped is not one of the available choices."},
        ),
        (
            {"outcome": "call_later", "note": "Kept."},
            {"call_at": "Say when the customer wants to be called."},
        ),
        (
            {"outcome": "call_later", "call_at": "soon", "note": "Kept."},
            {"call_at": "Write date and time like 2026-01-31 14:30."},
        ),
        (
            {"outcome": "no_answer", "note": "Kept." * 300},
            {"note": "Ensure this value has at most 1000 characters (it has 1500)."},
        ),
    ],
)
def test_what_is_missing_or_wrong_is_named_at_its_field(visit, ellen, typed, wrong):
    ellen.post(visit, "hold")

    response = ellen.post(visit, **typed)

    assert response.status_code == 422
    assert dict(response.context["wrong"].fields) == wrong
    assert "Kept." in text_of(response)
    assert 'id="problems" autofocus' in text_of(response)
    assert not VisitAttempt.objects.exists()


def test_a_script_with_a_missing_answer_is_refused_at_the_question(visit, ellen):
    ellen.post(visit, "hold")

    response = ellen.post(visit, outcome="not_resolved", **{"script-comment": "Tropft weiter."})

    page = text_of(response)
    assert response.status_code == 400
    assert list(response.context["wrong"].script) == ["overall"]
    assert 'href="#a-script-overall"' in page
    assert "Tropft weiter." in page
    assert not VisitAttempt.objects.exists()
    assert now_of(visit).status == "open"


def test_a_form_sent_after_the_hold_ran_out_is_still_recorded(visit, ellen, staff, now):
    ReturnVisit.objects.filter(pk=visit.pk).update(held_by=staff.ellen, held_until=now - timedelta(minutes=1))

    wrong = text_of(ellen.post(visit, note="Long talk."))
    ellen.record(visit, "refused", note="Long talk.")

    assert "Your ten minutes are over" in wrong
    assert "Long talk." in wrong
    assert VisitAttempt.objects.get().note == "Long talk."
