"""A webhook source of one team that has delivered, with canary words in every text column."""

from datetime import datetime
from typing import Any

from feedback_site.accounts.models import Team
from feedback_site.service_events.models import WebhookDelivery, WebhookSource


def write_webhooks(*, team: Team, canary: str, at: datetime) -> list[Any]:
    source = WebhookSource.objects.create(slug=f"{canary}-source"[:40], name=canary, team=team, created_at=at)
    delivery = WebhookDelivery.objects.create(
        source=source, webhook_id=canary, content_hash=b"x" * 32, reply_status=201, reply={"external_id": canary}, received_at=at
    )
    return [source, delivery]
