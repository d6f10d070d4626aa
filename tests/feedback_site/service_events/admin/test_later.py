"""Staff say on an event's page what happened to it later."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback_site.service_events.services import record_service_event


@pytest.fixture
def event(submission, noon):
    return record_service_event(submission=submission(completed_at=None), at=noon).event


def send(user, event, what, **said):
    client = Client()
    client.force_login(user)
    return client.post(reverse(f"admin:service_events_serviceevent_{what}", args=[event.pk]), said)


def local(event, moment):
    return timezone.localtime(moment, event.team.zone).strftime("%Y-%m-%dT%H:%M:%S")


def test_an_event_is_completed_corrected_reopened_and_cancelled(event, staff, noon):
    ended = (noon - timedelta(hours=1)).replace(microsecond=0)

    steps = [
        ("complete", {"at": local(event, ended), "is_resolved": "true"}),
        ("correct", {"at": local(event, ended), "warranty": "false", "priority": "urgent"}),
        ("reopen", {"at": local(event, ended + timedelta(minutes=10))}),
        ("cancel", {"at": local(event, ended + timedelta(minutes=20))}),
    ]
    answers = [send(staff.ada, event, what, **said).status_code for what, said in steps]

    event.refresh_from_db()
    assert answers == [302, 302, 302, 302]
    assert (event.status, event.completed_at, event.is_resolved, event.is_in_warranty) == (
        "cancelled",
        ended,
        True,
        False,
    )
    assert {fact.details["by"] for fact in event.transitions.all()} == {f"user:{staff.ada.pk}"}


def test_a_page_asks_before_anything_is_recorded(event, staff):
    client = Client()
    client.force_login(staff.ada)

    shown = client.get(reverse("admin:service_events_serviceevent_cancel", args=[event.pk])).content.decode()

    assert "The customer is then not asked" in shown
    assert not event.transitions.exists()


@pytest.mark.parametrize(
    ("what", "said", "sentence"),
    [
        ("reopen", {}, "only a completed or cancelled one is reopened"),
        ("complete", {"at": "1999-01-01T00:00"}, "before the year 2000"),
        ("complete", {"at": "2999-01-01T00:00"}, "in the future"),
        ("complete", {"at": ""}, "This field is required."),
        ("correct", {"at": "2026-01-01T00:00"}, "A correction says what is corrected."),
    ],
)
def test_what_cannot_be_is_said_at_the_form(event, staff, what, said, sentence):
    response = send(staff.ada, event, what, **said)

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not event.transitions.exists()


@pytest.mark.parametrize(("who", "status"), [("ellen", 403), ("wei", 404), ("max", 403), ("vera", 403)])
def test_only_those_who_bring_events_in_say_so_and_within_their_scope(event, staff, noon, who, status):
    response = send(getattr(staff, who), event, "cancel", at=local(event, noon))

    assert response.status_code in {403, status}
    assert not event.transitions.exists()


def test_another_region_finds_no_such_event_and_no_such_team(event, staff, organisation, noon):
    type(event).objects.update(team=organisation.west_1)

    assert send(staff.ada, event, "cancel", at=local(event, noon)).status_code == 404
    type(event).objects.update(team=organisation.east_1)
    assert (
        send(staff.ada, event, "correct", at=local(event, noon), team=organisation.west_1.pk).status_code
        == 200
    )
    assert not event.transitions.exists()
