"""Rows of one team around the intake of events, with canary words in every text column."""

import uuid
from datetime import datetime
from typing import Any

from feedback_site.accounts.models import Team
from feedback_site.service_events.models import (
    EventImport,
    EventImportProblem,
    WebhookDelivery,
    WebhookSource,
)


def write_webhooks(*, team: Team, canary: str, at: datetime) -> list[Any]:
    """A webhook source that has delivered."""
    source = WebhookSource.objects.create(slug=f"{canary}-source"[:40], name=canary, team=team, created_at=at)
    delivery = WebhookDelivery.objects.create(
        source=source,
        webhook_id=canary,
        content_hash=b"x" * 32,
        reply_status=201,
        reply={"external_id": canary},
        received_at=at,
    )
    return [source, delivery]


def write_import(*, team: Team, canary: str, at: datetime) -> EventImport:
    """A file that was checked, with one row that was not taken in."""
    event_import = EventImport.objects.create(
        origin="upload",
        team=team,
        file_name=f"{canary}.csv",
        file_size=100,
        fingerprint=uuid.uuid4().bytes * 2,
        language="en",
        status="checked",
        rows_total=2,
        position=2,
        imported=1,
        listed=1,
        queued_at=at,
        finished_at=at,
    )
    EventImportProblem.objects.create(
        event_import=event_import, line=3, reason=canary, changes={"product_line": [canary, "other"]}
    )
    return event_import
