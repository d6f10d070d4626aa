"""The page of one visit: who may do what, and what each outcome leads to."""

import json
from datetime import timedelta

import pytest

from feedback_site.accounts.models import AccessLogEntry
from feedback_site.common.clock import database_now
from feedback_site.customers.services import record_consent
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.services import record_transition
from surveys.models import Response
from tests.factories.questionnaires.documents import QUESTIONS, both, publish, question
from tests.factories.visits.calls import HOUR, PHONE, Caller, text_of, told
from tests.factories.visits.fixtures import SCRIPT
from visits.models import Escalation, ReturnVisit, VisitAttempt

pytestmark = pytest.mark.django_db
ANSWERS = {f"script-{key}": values[0] for key, values in SCRIPT.items()}


def now_of(visit):
    return ReturnVisit.objects.get(pk=visit.pk)


def test_the_page_says_why_when_and_what_happened(visit, ellen):
    page = text_of(ellen.open(visit))

    assert "complaint closed" in page
    assert "王**" in page
    assert "The complaint was registered." in page
    assert "Start the call" in page
    assert "王小明" not in page
    assert PHONE not in page
    assert 'name="outcome"' not in page


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("corrected", "Facts of the service event were corrected."),
        ("superseded", "The service event was superseded by another one."),
    ],
)
def test_the_page_opens_for_a_case_that_was_corrected_or_superseded(visit, ellen, repairs, kind, sentence):
    at = database_now()
    replacement = repairs.complaint() if kind == "superseded" else None
    record_transition(event=visit.service_event, type=kind, happened_at=at, at=at, superseded_by=replacement)

    page = ellen.open(visit)

    assert page.status_code == 200
    assert sentence in text_of(page)


def test_starting_the_call_holds_the_visit_and_opens_the_form(visit, ellen, staff):
    response = ellen.post(visit, "hold")

    assert response.status_code == 302
    assert now_of(visit).held_by == staff.ellen
    page = text_of(ellen.open(visit))
    assert 'name="outcome"' in page
    assert 'name="script-overall"' in page
    assert "The customer is kept for you until" in page


def test_the_scripts_questions_come_and_go_by_the_names_that_the_form_gives_them(visit, ellen):
    low = {
        "join": "all",
        "tests": [{"of": "answer", "name": "overall", "operator": "at_most", "compared": 3}],
    }
    publish([*QUESTIONS, question("why", "text", both("What went wrong?", "哪里不好？"), condition=low)])
    ellen.post(visit, "hold")

    page = text_of(ellen.open(visit))

    data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    test = {"of": "answer", "name": "script-overall", "operator": "at_most", "value": 3}
    renamed = {"join": "all", "tests": [test]}
    assert data == {"asked": [["script-overall", "n", None], ["script-why", "s", renamed]]}
    assert all(f'id="c-{key}"' in page for key, _kind, _condition in data["asked"])
    assert page.count("function keysOnPath") == 1


def test_the_number_is_shown_once_and_the_look_is_recorded(visit, ellen):
    ellen.post(visit, "hold")

    revealed = ellen.post(visit, "reveal")

    page = text_of(revealed)
    assert f'href="tel:{PHONE}"' in page
    assert "王小明" in page
    assert "This view is recorded." in page
    assert "no-store" in revealed.headers["Cache-Control"]
    assert AccessLogEntry.objects.get().subject_id == str(visit.customer_id)
    assert PHONE not in text_of(ellen.open(visit))


def test_the_number_is_shown_only_to_who_has_the_customer_on_the_line(visit, ellen, ada):
    ada.post(visit, "hold")

    refused = ellen.post(visit, "reveal")

    assert refused.status_code == 409
    assert PHONE not in text_of(refused)
    assert not AccessLogEntry.objects.exists()


def test_without_taking_the_visit_first_there_is_no_number(visit, ellen):
    refused = ellen.post(visit, "reveal")

    assert refused.status_code == 409
    assert "Start the visit first" in text_of(refused)
    assert not AccessLogEntry.objects.exists()


def test_showing_the_number_keeps_what_was_typed(visit, ellen):
    ellen.post(visit, "hold")

    page = text_of(ellen.post(visit, "reveal", outcome="not_resolved", note="Drips again.", **ANSWERS))

    assert "Drips again." in page
    assert 'value="not_resolved" id="outcome-not_resolved" checked' in page
    assert "师傅很准时。" in page


def test_a_second_caller_reads_who_and_until_when_and_cannot_record(visit, ellen, ada):
    ellen.post(visit, "hold")

    page = text_of(ada.open(visit))
    taken = ada.post(visit, "hold")
    recorded = ada.post(visit, outcome="no_answer", note="Nobody there.")

    assert "A colleague is in contact with this customer" in page
    assert "ellen is handling this visit until" in page
    assert 'name="outcome"' not in page
    assert (taken.status_code, recorded.status_code) == (409, 409)
    assert "Nobody there." in text_of(recorded)
    assert not VisitAttempt.objects.exists()


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


def test_nobody_answering_says_when_to_try_again(visit, ellen):
    response = ellen.record(visit, "no_answer")

    (message,) = told(response)
    assert message.startswith("Recorded. The next attempt may be made from ")
    assert now_of(visit).attempts_made == 1
    assert now_of(visit).next_attempt_at > now_of(visit).due_from


def test_nobody_answering_the_last_time_closes_the_visit(due, ellen):
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


def test_ten_more_minutes_keep_what_was_typed(visit, ellen):
    ellen.post(visit, "hold")
    before = now_of(visit).held_until

    page = text_of(ellen.post(visit, "hold", outcome="refused", note="Still talking."))

    assert now_of(visit).held_until > before
    assert "Still talking." in page


def test_a_form_sent_after_the_hold_ran_out_is_still_recorded(visit, ellen, staff, now):
    ReturnVisit.objects.filter(pk=visit.pk).update(held_by=staff.ellen, held_until=now - timedelta(minutes=1))

    wrong = text_of(ellen.post(visit, note="Long talk."))
    ellen.record(visit, "refused", note="Long talk.")

    assert "Your ten minutes are over" in wrong
    assert "Long talk." in wrong
    assert VisitAttempt.objects.get().note == "Long talk."


def test_giving_the_visit_back_records_nothing(visit, ellen, ada):
    ellen.post(visit, "hold")

    ellen.post(visit, "release", outcome="refused")

    assert now_of(visit).held_by is None
    assert not VisitAttempt.objects.exists()
    assert ada.post(visit, "hold").status_code == 302


def test_too_early_the_page_says_from_when(due, ellen, now):
    visit = due(next_attempt_at=now + HOUR)

    page = text_of(ellen.open(visit))

    assert "It is too early for this visit" in page
    assert "Start the call" not in page
    assert ellen.post(visit, "hold").status_code == 409


def test_a_closed_visit_says_how_it_ended(visit, ellen):
    ellen.record(visit, "refused")

    page = text_of(ellen.open(visit))
    again = ellen.post(visit, outcome="refused", note="Once more.")

    assert "This visit has ended: Refused to talk" in page
    assert again.status_code == 409
    assert "Once more." in text_of(again)
    assert VisitAttempt.objects.count() == 1


def test_nobody_visits_about_their_own_work(repairs, visit, staff, ellen):
    repairs.employ(staff.ellen)

    assert "This visit is about your own work" in text_of(ellen.open(visit))
    assert ellen.post(visit, "hold").status_code == 400
    assert ellen.post(visit, outcome="refused").status_code == 400
    assert not VisitAttempt.objects.exists()


def test_a_customer_who_withdrew_consent_is_not_called(visit, ellen, now):
    record_consent(
        customer=visit.customer,
        purpose="visit",
        is_granted=False,
        stated_at=now,
        source="test",
        overrides_refusal=True,
    )

    refused = ellen.post(visit, "hold")

    assert refused.status_code == 400
    assert "The customer does not agree to return visits any more." in text_of(refused)


@pytest.mark.parametrize("step", ["hold", "reveal", "release"])
def test_a_step_is_no_link(visit, ellen, step):
    ellen.post(visit, "hold")

    assert ellen.client.get(ellen.address(visit, step)).status_code == 405
    assert not AccessLogEntry.objects.exists()


def test_looking_changes_nothing(visit, ellen):
    before = ReturnVisit.objects.filter(pk=visit.pk).values().get()

    ellen.work()
    ellen.open(visit)
    ellen.client.get(ellen.address(visit), {"outcome": "refused"})

    assert ReturnVisit.objects.filter(pk=visit.pk).values().get() == before
    assert not VisitAttempt.objects.exists()


def test_what_is_outside_ones_scope_does_not_exist(visit, staff):
    for who, status in ((staff.wei, 404), (staff.vera, 404), (staff.max, 403)):
        caller = Caller(who)
        assert caller.open(visit).status_code == status
        for step in ("visit", "hold", "reveal", "release"):
            assert caller.post(visit, step, outcome="refused").status_code == status
    assert now_of(visit).held_by is None


def test_an_assessor_makes_the_visit_assigned_to_them(due, staff):
    visit = due(assignee=staff.vera)
    vera = Caller(staff.vera)

    vera.post(visit, "hold")
    vera.record(visit, "refused")

    assert VisitAttempt.objects.get().made_by == staff.vera
    assert "This visit has ended" in text_of(vera.open(visit))


def test_the_page_speaks_chinese_and_asks_in_the_customers_language(visit, staff):
    ellen = Caller(staff.ellen, "zh-hans")
    ReturnVisit.objects.get(pk=visit.pk).customer.__class__.objects.update(language="en")
    ellen.post(visit, "hold")

    page = ellen.open(visit)

    assert page.headers["Content-Language"] == "zh-hans"
    assert 'class="script" lang="en"' in text_of(page)
    assert "How satisfied are you with this service?" in text_of(page)


def test_the_page_costs_the_same_with_one_and_three_attempts(visit, ellen, staff, now):
    def attempt(number):
        VisitAttempt.objects.create(
            visit=visit, number=number, made_by=staff.ellen, made_at=now, outcome="no_answer"
        )

    attempt(1)
    ellen.queries(ellen.address(visit))
    one = ellen.queries(ellen.address(visit))
    attempt(2)
    attempt(3)

    assert ellen.queries(ellen.address(visit)) == one
