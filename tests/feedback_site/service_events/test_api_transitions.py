from datetime import timedelta

import pytest

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from tests.factories.service_events.api_calls import EVENTS, NAIVE, post, system, wrong_fields


class TestTransitions:
    @pytest.fixture
    def event(self, crm, body):
        return post(crm, body(completed_at=None, is_resolved=None)).json()

    def test_an_open_event_completes_later(self, crm, event, now):
        sent = {"type": "completed", "at": now.isoformat(), "is_resolved": True, "handovers": 2}

        response = post(crm, sent, f"{EVENTS}{event['id']}/transitions/")

        stored = ServiceEvent.objects.get()
        assert response.status_code == 201
        assert response.json()["details"] == {"is_resolved": True, "handovers": 2}
        assert (stored.status, stored.completed_at, stored.is_resolved, stored.handovers) == (
            "completed",
            now,
            True,
            2,
        )

    def test_the_same_transition_again_is_200_with_the_same_id(self, crm, event, now):
        sent = {"type": "completed", "at": now.isoformat()}
        first = post(crm, sent, f"{EVENTS}{event['id']}/transitions/")

        second = post(crm, sent, f"{EVENTS}{event['id']}/transitions/")

        assert (second.status_code, second.json()["id"]) == (200, first.json()["id"])
        assert ServiceEventTransition.objects.count() == 1

    def test_other_details_of_the_same_transition_are_409(self, crm, event, now):
        post(crm, {"type": "completed", "at": now.isoformat()}, f"{EVENTS}{event['id']}/transitions/")

        response = post(
            crm,
            {"type": "completed", "at": now.isoformat(), "is_resolved": False},
            f"{EVENTS}{event['id']}/transitions/",
        )

        assert response.status_code == 409

    def test_an_event_is_found_by_the_number_of_its_source(self, crm, event, now):
        sent = {"source": "crm", "external_id": "T-1001", "type": "cancelled", "at": now.isoformat()}

        response = post(crm, sent, f"{EVENTS}transitions/")

        assert (response.status_code, ServiceEvent.objects.get().status) == (201, "cancelled")

    def test_a_completed_event_is_reopened_and_completed_again(self, crm, event, now):
        path = f"{EVENTS}{event['id']}/transitions/"

        for step, kind in enumerate(["completed", "reopened", "completed"]):
            assert (
                post(crm, {"type": kind, "at": (now + timedelta(seconds=step)).isoformat()}, path).status_code
                == 201
            )

        stored = ServiceEvent.objects.get()
        assert (stored.status, stored.completed_at) == ("completed", now + timedelta(seconds=2))

    @pytest.mark.parametrize(
        ("first", "then"),
        [("completed", "completed"), ("cancelled", "completed"), ("cancelled", "cancelled")],
    )
    def test_what_cannot_happen_now_is_409(self, crm, event, now, first, then):
        path = f"{EVENTS}{event['id']}/transitions/"
        post(crm, {"type": first, "at": now.isoformat()}, path)

        response = post(crm, {"type": then, "at": (now + timedelta(seconds=1)).isoformat()}, path)

        assert (response.status_code, response.json()["extra"]) == (409, {"status": first, "type": then})

    def test_an_open_event_cannot_be_reopened(self, crm, event, now):
        assert (
            post(
                crm, {"type": "reopened", "at": now.isoformat()}, f"{EVENTS}{event['id']}/transitions/"
            ).status_code
            == 409
        )

    @pytest.mark.parametrize(
        ("sent", "wrong"),
        [
            ({"type": "melted"}, {"type": ['"melted" is not a valid choice.']}),
            (
                {"type": "reopened", "is_resolved": True},
                {"is_resolved": ["Only a completion or a correction may have this."]},
            ),
            ({"type": "completed", "colour": "red"}, {"colour": ["Unknown field."]}),
            ({"type": "completed", "at": "2026-01-31T09:30:00"}, {"at": [NAIVE]}),
            (
                {"type": "completed", "at": "2026-01-31T09:30:00Z"},
                {"at": ["This is before what is already on record of the event."]},
            ),
            (
                {"type": "completed", "first_response_at": "2026-01-31T09:30:00Z"},
                {"first_response_at": ["This is before the service event was registered."]},
            ),
        ],
    )
    def test_what_is_wrong_is_refused_by_name(self, crm, event, now, sent, wrong):
        response = post(crm, {"at": now.isoformat()} | sent, f"{EVENTS}{event['id']}/transitions/")

        assert wrong_fields(response) == wrong
        assert ServiceEvent.objects.get().status == "open"

    def test_a_system_of_the_west_cannot_change_or_find_an_event_of_the_east(self, organisation, event, now):
        west = system(create_api_key(name="west", grants=list(Grant), team=organisation.west)[1])
        by_number = {"source": "crm", "external_id": "T-1001", "type": "cancelled", "at": now.isoformat()}

        assert (
            post(
                west, {"type": "cancelled", "at": now.isoformat()}, f"{EVENTS}{event['id']}/transitions/"
            ).status_code
            == 404
        )
        assert post(west, by_number, f"{EVENTS}transitions/").status_code == 404
        assert ServiceEvent.objects.get().status == "open"
