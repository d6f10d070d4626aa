"""The page of one visit: who may do what, and what each outcome leads to."""

import json

import pytest

from feedback_site.accounts.models import AccessLogEntry
from feedback_site.common.clock import database_now
from feedback_site.customers.services import record_consent
from feedback_site.service_events.services import record_transition
from tests.factories.questionnaires.documents import QUESTIONS, both, publish, question
from tests.factories.visits.calls import HOUR, PHONE, Caller, text_of
from tests.factories.visits.fixtures import SCRIPT
from visits.models import ReturnVisit, VisitAttempt

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


def test_ten_more_minutes_keep_what_was_typed(visit, ellen):
    ellen.post(visit, "hold")
    before = now_of(visit).held_until

    page = text_of(ellen.post(visit, "hold", outcome="refused", note="Still talking."))

    assert now_of(visit).held_until > before
    assert "Still talking." in page


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


def test_no_colleague_visits_about_their_own_work(repairs, visit, staff, ellen):
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
