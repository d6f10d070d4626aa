"""Service events as a source system reports them."""

from datetime import timedelta

import pytest

from feedback_site.customers.services import customer_entry
from feedback_site.service_events.services import EventSubmission, record_service_event


@pytest.fixture
def record(organisation, noon):
    """A maker of completed events.

    A consenting customer of east-1, served an hour ago, unless told otherwise.
    """
    numbers = iter(range(1, 10_000))

    def make(*, is_replayed=False, at=noon, phone="", email="", person=None, **changes):
        number = next(numbers)
        person = person or f"C-{number}"
        if not phone and not email:
            phone = f"138{number:08d}"
        facts = {
            "source": "crm",
            "external_id": f"T-{number}",
            "kind": organisation.repair,
            "channel": organisation.phone,
            "team": organisation.east_1,
            "agent": "A17",
            "customer": customer_entry(
                source="crm",
                external_id=person,
                name="王小明",
                phone=None if phone == "none" else phone or None,
                email=email or None,
            ),
            "opened_at": noon - timedelta(days=400),
            "completed_at": noon - timedelta(hours=1),
            "consent": {"survey": True},
        }
        return record_service_event(
            submission=EventSubmission(**(facts | changes)), at=at, is_replayed=is_replayed
        ).event

    return make
