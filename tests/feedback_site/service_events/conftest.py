from datetime import datetime, timedelta

import pytest

from feedback_site.common.clock import database_now
from feedback_site.customers.services import customer_entry
from feedback_site.service_events.services import EventSubmission
from tests.factories.service_events.api_calls import system
from tests.factories.service_events.imports import checked, imported, upload

__all__ = ["checked", "imported", "upload"]


@pytest.fixture
def submission(organisation, noon):
    """A maker of submissions.

    Wang Xiaoming's repair by A17 of east-1, completed an hour ago, unless told otherwise.
    """

    def make(**changes):
        customer = changes.pop(
            "customer",
            customer_entry(
                source="crm", external_id="C-9", name="王小明", phone="13812345678", email="wang@example.com"
            ),
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


@pytest.fixture
def now(db) -> datetime:
    return database_now()


@pytest.fixture
def body(organisation, now):
    """A maker of the body in the interface's example."""

    def make(**changes):
        return {
            "source": "crm",
            "external_id": "T-1001",
            "kind": "after_sales_repair",
            "channel": "phone",
            "team": "east-1",
            "agent": "A17",
            "customer": {
                "external_id": "C-9",
                "name": "王小明",
                "phone": "+8613812345678",
                "email": "wang@example.com",
                "language": "zh-hans",
                "segment": "existing",
            },
            "opened_at": (now - timedelta(hours=3)).isoformat(),
            "first_response_at": (now - timedelta(hours=2)).isoformat(),
            "completed_at": (now - timedelta(hours=1)).isoformat(),
            "priority": "routine",
            "is_complaint": False,
            "is_resolved": True,
            "consent": {"survey": True},
            "attributes": {"product": "fridge"},
        } | changes

    return make


@pytest.fixture
def crm(api_key):
    """A service system whose key holds every grant for all teams."""
    return system(api_key)


@pytest.fixture
def crm_of_the_east(east_api_key):
    """A service system whose key is for region east."""
    return system(east_api_key)
