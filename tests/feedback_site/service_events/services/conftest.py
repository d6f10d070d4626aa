import json
from datetime import UTC

import pytest
from django.test import Client
from standardwebhooks.webhooks import Webhook

from feedback_site.service_events.services import (
    create_webhook_source,
)

ADDRESS = "/api/v1/webhooks/service-events/crm/"


@pytest.fixture
def source(organisation, now):
    """The CRM, for all teams, with its secret in clear."""
    row, row.secret = create_webhook_source(slug="crm", name="CRM", at=now)
    return row


@pytest.fixture
def told(source, body, now):
    """A maker of signed requests, signed by the reference library.

    Every part can be changed after signing.
    """

    def send(
        kind="created",
        data=None,
        *,
        secrets=None,
        webhook_id="msg_1",
        at=now,
        address=ADDRESS,
        text=None,
        **headers,
    ):
        if data is None:
            data = {name: value for name, value in body().items() if name != "source"}
        envelope = {"type": f"service_event.{kind}", "timestamp": now.isoformat(), "data": data}
        sent = text if text is not None else json.dumps(envelope, ensure_ascii=False)
        signatures = [
            Webhook(secret).sign(webhook_id, at.astimezone(UTC), sent)
            for secret in secrets or [source.secret]
        ]
        headers = {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": " ".join(signatures),
            "accept-language": "en",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        return Client().post(
            address,
            sent,
            content_type="application/json",
            headers={k: v for k, v in headers.items() if v is not None},
        )

    return send
