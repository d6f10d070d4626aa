from datetime import timedelta

import pytest
from django.utils.timezone import localtime

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key
from feedback_site.common.clock import database_now
from feedback_site.common.ids import first_id_at
from feedback_site.delivery.models import Message, MessageAttempt
from surveys.enums import VoidReason
from surveys.models import Invitation, LinkVisit
from surveys.services.decisions.deciding import decide_events
from surveys.services.invitations.inviting import void_invitation
from surveys.services.links.tokens import token_of
from surveys.services.responses.answering import Submission, submit_responses
from tests.factories.service_events.api_calls import system, wrong_fields

INVITATIONS = "/api/v1/invitations/"


@pytest.fixture
def crm(api_key):
    return system(api_key)


@pytest.fixture
def now(db):
    return database_now()


@pytest.fixture
def invited(cast, now):
    """A maker of invitations to events completed an hour ago."""

    def make(**event):
        event = cast.record(at=now, **({"completed_at": now - timedelta(hours=1)} | event))
        decide_events(at=now)
        return Invitation.objects.get(service_event=event)

    return make


def listed(crm, **filters):
    response = crm.get(INVITATIONS, filters)
    assert response.status_code == 200, response.content
    return {row["id"] for row in response.json()["results"]}


def test_an_invitation_shows_where_it_stands_and_its_messages_but_neither_link_nor_contact(crm, invited, now):
    invitation = invited()
    Message.objects.update(status="sent", sent_at=now)
    LinkVisit.objects.create(invitation=invitation, first_at=now, last_at=now, count=3)

    response = crm.get(f"{INVITATIONS}{invitation.pk}/")

    shown = response.json()
    assert {
        name: shown[name]
        for name in ("id", "state", "purpose", "origin", "survey", "credited_team", "visits", "void_reason")
    } == {
        "id": str(invitation.pk),
        "state": "open",
        "purpose": "survey",
        "origin": "sent",
        "survey": "after-service",
        "credited_team": "east-1",
        "visits": 3,
        "void_reason": "",
    }
    assert (shown["answered_at"], shown["first_visited_at"]) == (None, localtime(now).isoformat())
    assert [(row["step"], row["channel"], row["status"], row["sent_at"]) for row in shown["messages"]] == [
        ("first", "sms", "sent", localtime(now).isoformat())
    ]
    text = response.content.decode()
    assert token_of(invitation) not in text
    assert "token" not in text
    assert "王" not in text


def test_an_invitation_that_was_neither_sent_nor_opened_says_so(crm, invited):
    invitation = invited()
    Message.objects.all().delete()

    shown = crm.get(f"{INVITATIONS}{invitation.pk}/").json()

    assert (shown["visits"], shown["first_visited_at"], shown["messages"]) == (0, None, [])


def test_visits_of_a_machine_are_no_persons(crm, invited, now):
    invitation = invited()
    LinkVisit.objects.create(invitation=invitation, first_at=now, last_at=now, count=9, quarantined_at=now)

    shown = crm.get(f"{INVITATIONS}{invitation.pk}/").json()

    assert (shown["visits"], shown["first_visited_at"]) == (0, None)


def test_the_list_is_filtered_by_state(crm, invited, now):
    opened, answered, expired, voided = (invited() for _ in range(4))
    submit_responses([Submission(answered.pk, {"overall": 4}, 4, None, "en")], at=now)
    Invitation.objects.filter(pk=expired.pk).update(
        invited_at=now - timedelta(days=2), expires_at=now - timedelta(days=1)
    )
    void_invitation(invitation=voided, reason=VoidReason.WITHDRAWN, at=now)

    states = {state: listed(crm, state=state) for state in ("open", "answered", "expired", "voided")}

    assert states == {
        "open": {str(opened.pk)},
        "answered": {str(answered.pk)},
        "expired": {str(expired.pk)},
        "voided": {str(voided.pk)},
    }


def test_the_list_is_filtered_by_who_was_asked_about_what(crm, invited, organisation, now):
    east = invited()
    west = invited(
        team=organisation.west_1, kind=organisation.complaint, completed_at=now - timedelta(hours=50)
    )

    assert listed(crm, team="west") == listed(crm, kind="complaint_handling") == {str(west.pk)}
    assert listed(crm, **{"from": east.belongs_on.isoformat()}) == {str(east.pk)}
    assert listed(
        crm, to=west.belongs_on.isoformat(), purpose="survey", origin="sent", survey="after-service"
    ) == {str(west.pk)}
    assert listed(crm, purpose="nps") == set()


def test_what_changed_since_is_what_was_made_tried_answered_or_voided(crm, invited, now):
    untouched, tried, answered, voided = (invited() for _ in range(4))
    since = database_now()
    moments = {str(row.pk) for row in (tried, answered, voided)}
    message = Message.objects.get(subject_id=tried.pk)
    MessageAttempt.objects.create(
        message=message, lease_id=message.pk, attempted_at=since, outcome="accepted"
    )
    submit_responses([Submission(answered.pk, {"overall": 4}, 4, None, "en")], at=since)
    void_invitation(invitation=voided, reason=VoidReason.WITHDRAWN, at=since)

    changed = listed(crm, updated_since=since.isoformat())
    new = invited()

    assert changed == moments
    assert listed(crm, updated_since=since.isoformat()) == moments | {str(new.pk)}
    assert listed(crm, updated_since=(now - timedelta(days=1)).isoformat()) == moments | {
        str(new.pk),
        str(untouched.pk),
    }


def test_ids_begin_with_the_moment_they_were_made_at(now):
    made = Message(due_at=now).id

    assert first_id_at(now - timedelta(seconds=1)) < made < first_id_at(now + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("filters", "wrong"),
    [
        ({"colour": "red"}, {"colour": ["Unknown field."]}),
        ({"mode": "web"}, {"mode": ["Unknown field."]}),
        ({"state": "lost"}, {"state": ['"lost" is not a valid choice.']}),
        ({"segment": "martians"}, {"segment": ["Unknown. Known are: existing, high_value, new"]}),
    ],
)
def test_unknown_filters_and_values_are_refused_by_name(crm, survey, filters, wrong):
    assert wrong_fields(crm.get(INVITATIONS, filters)) == wrong


def test_a_key_of_the_east_reads_the_east_only(invited, east_api_key, organisation):
    east, west = invited(), invited(team=organisation.west_1)
    reader = system(east_api_key)

    assert listed(reader) == {str(east.pk)}
    assert reader.get(f"{INVITATIONS}{west.pk}/").status_code == 404


def test_the_grant_is_needed_and_nothing_is_written_here(organisation, api_key):
    events_only = system(create_api_key(name="events", grants=[Grant.EVENTS_READ])[1])

    assert events_only.get(INVITATIONS).status_code == 403
    assert system(api_key).post(INVITATIONS, {}).status_code in {403, 405}


def test_a_list_costs_the_same_however_long_it_is(crm, invited, now, django_assert_num_queries):
    filters = {"team": "east", "updated_since": (now - timedelta(days=1)).isoformat()}
    invited()
    with django_assert_num_queries(10):
        crm.get(INVITATIONS, filters)
    invited()
    invited()
    with django_assert_num_queries(10):
        response = crm.get(INVITATIONS, filters)

    assert len(response.json()["results"]) == 3
