from datetime import timedelta
from itertools import count

import pytest

from feedback_site.service_events.enums import EventStatus
from feedback_site.service_events.models import ServiceEvent
from tests.factories.customers.case import upsert_customer


@pytest.fixture
def serve(organisation, scheme, noon):
    """Record a completed case of a team."""
    customer = upsert_customer(source="crm", external_id="C-1")
    numbers = count(1)

    def serve(
        team,
        *,
        completed_at=noon,
        responded_after=None,
        is_resolved=None,
        status=EventStatus.COMPLETED,
        **about,
    ):
        opened_at = completed_at - timedelta(hours=5)
        return ServiceEvent.objects.create(
            source="crm",
            external_id=f"T-{next(numbers)}",
            **{"kind": organisation.repair, "channel": organisation.phone} | about,
            team=team,
            credited_team=team,
            customer=customer,
            status=status,
            opened_at=opened_at,
            first_response_at=None
            if responded_after is None
            else opened_at + timedelta(hours=responded_after),
            completed_at=completed_at,
            is_resolved=is_resolved,
            content_hash=b"0" * 32,
        )

    return serve
