from datetime import timedelta

import pytest

from feedback_site.customers.services import customer_entry
from feedback_site.service_events.services import EventSubmission


@pytest.fixture
def submission(organisation, noon):
    """A maker of submissions: Wang Xiaoming's repair by A17 of east-1, completed an hour ago, unless told otherwise."""

    def make(**changes):
        customer = changes.pop(
            "customer",
            customer_entry(source="crm", external_id="C-9", name="王小明", phone="13812345678", email="wang@example.com"),
        )
        facts = {
            "source": "crm",
            "external_id": "T-1001",
            "kind": organisation.repair,
            "channel": organisation.phone,
            "team": organisation.east_1,
            "agent": "A17",
            "customer": customer,
            "opened_at": noon - timedelta(hours=3),
            "completed_at": noon - timedelta(hours=1),
            "consent": {"survey": True},
        }
        return EventSubmission(**(facts | changes))

    return make
