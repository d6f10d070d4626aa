from datetime import timedelta

import pytest
from django.test import Client
from django.utils.dateparse import parse_datetime

from feedback_site.delivery.models import Message
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.services import record_transition
from surveys.models import EventDecision, Invitation, LinkVisit
from surveys.services.decisions.deciding import decide_events
from surveys.services.invitations.inviting import queue_invitations

EVENTS = "/api/v1/service-events/"


@pytest.fixture
def crm(api_key):
    return Client(headers={"authorization": f"Api-Key {api_key}", "accept-language": "en"})


def shown(crm, event):
    response = crm.get(f"{EVENTS}{event.id}/")
    assert response.status_code == 200, response.content
    return response.json()


def steps(answer):
    return [entry["what"] for entry in answer["timeline"]]


def test_an_event_that_is_not_decided_says_so(crm, record):
    answer = shown(crm, record())

    assert {name: answer[name] for name in ("decision", "reason", "survey", "invitation", "decided_at")} == {
        "decision": None,
        "reason": None,
        "survey": None,
        "invitation": None,
        "decided_at": None,
    }
    assert steps(answer) == ["opened", "completed", "recorded"]


def test_an_invited_event_shows_its_invitation_from_decision_to_answer(crm, record, survey, noon):
    event = record()
    decide_events(at=noon)
    queue_invitations(at=noon)
    invitation = Invitation.objects.get()
    Message.objects.update(
        status="sent", sent_at=noon + timedelta(seconds=2), is_late=True, late_cause="recorded_late"
    )
    LinkVisit.objects.create(
        invitation=invitation,
        first_at=noon + timedelta(seconds=3),
        last_at=noon + timedelta(seconds=9),
        count=2,
    )
    Invitation.objects.update(answered_at=noon + timedelta(seconds=5))

    answer = shown(crm, event)

    timeline = {entry["what"]: entry for entry in answer["timeline"]}
    assert (answer["decision"], answer["reason"], answer["survey"]) == ("invited", None, "after-service")
    assert (answer["invitation"], parse_datetime(answer["decided_at"])) == (str(invitation.id), noon)
    assert [step for step in steps(answer) if step != "recorded"] == [
        "opened",
        "completed",
        "decided",
        "invited",
        "sent",
        "visited",
        "answered",
    ]
    assert timeline["visited"]["times"] == 2
    assert (timeline["sent"]["channel"], timeline["sent"]["late"]) == ("sms", "recorded_late")


def test_a_withheld_event_shows_its_reason(crm, record, survey, noon):
    event = record(consent={})
    decide_events(at=noon)

    answer = shown(crm, event)

    assert (answer["decision"], answer["reason"], answer["invitation"]) == ("withheld", "no_consent", None)
    assert [entry["reason"] for entry in answer["timeline"] if entry["what"] == "decided"] == ["no_consent"]


def test_what_happened_later_is_in_the_timeline(crm, record, noon):
    event = record()
    record_transition(event=event, type="reopened", happened_at=noon, at=noon)

    assert [step for step in steps(shown(crm, event)) if step != "recorded"] == [
        "opened",
        "completed",
        "reopened",
    ]


def test_the_list_and_a_repeated_post_show_decisions_too(
    crm, record, survey, noon, django_assert_num_queries
):
    invited, withheld = record(), record(consent={})
    decide_events(at=noon)

    with django_assert_num_queries(9):
        rows = crm.get(EVENTS).json()["results"]

    assert {row["id"]: (row["decision"], row["reason"]) for row in rows} == {
        str(invited.id): ("invited", None),
        str(withheld.id): ("withheld", "no_consent"),
    }
    assert EventDecision.objects.count() == 2


def test_an_event_takes_a_fixed_number_of_statements(
    crm, record, survey, noon, django_assert_max_num_queries
):
    event = record()
    decide_events(at=noon)
    queue_invitations(at=noon)

    with django_assert_max_num_queries(12):
        shown(crm, event)


@pytest.mark.parametrize("path", ["01a1fc02-e06c-7076-ad0e-03dcca7bcce6/", "nonsense/"])
def test_an_unknown_event_is_not_found(crm, organisation, path):
    assert crm.get(f"{EVENTS}{path}").status_code == 404


@pytest.mark.parametrize("cursor", ["nonsense", "cD1ub25zZW5zZQ=="])
def test_a_broken_cursor_is_not_a_server_error(crm, record, cursor):
    record()

    assert crm.get(EVENTS, {"cursor": cursor}).status_code in {400, 404}


@pytest.mark.parametrize(
    ("customer", "reason"),
    [
        ({"phone": "无"}, "no_contact"),
        ({"phone": "13800007007/13900007007", "email": "-"}, "no_contact"),
        ({"phone": "021-68880118"}, "no_contact"),
        ({"phone": "未留", "email": "wang@example.com"}, None),
        ({"phone": "138 0000 7009", "email": "无"}, None),
    ],
)
def test_an_event_with_an_unusable_contact_is_decided_by_the_others(
    crm, organisation, survey, noon, customer, reason
):
    body = {
        "source": "crm",
        "external_id": "T-1",
        "kind": "after_sales_repair",
        "channel": "phone",
        "team": "east-1",
        "customer": {"external_id": "C-1", **customer},
        "opened_at": (noon - timedelta(hours=1)).isoformat(),
        "completed_at": noon.isoformat(),
        "consent": {"survey": True},
    }
    assert crm.post(EVENTS, body, content_type="application/json").status_code == 201

    decide_events(at=noon)

    answer = crm.get(f"{EVENTS}{ServiceEvent.objects.get().pk}/").json()
    assert (answer["decision"], answer["reason"]) == ("withheld" if reason else "invited", reason)
