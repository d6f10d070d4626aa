"""`docs/webhooks.md` and the API's documentation.

The bodies and the signing that they show are taken as they stand.
"""

import json
import re
from datetime import datetime

import pytest
from django.test import Client

from feedback_site.embedded.layout import PROJECT_ROOT
from feedback_site.service_events.api.webhook_examples import BODIES
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.services import create_webhook_source

pytestmark = pytest.mark.django_db
TEXT = (PROJECT_ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, flags=re.DOTALL)


def test_both_documentations_show_the_same_bodies(client):
    schema = client.get("/api/v1/schema/?format=json", headers={"accept": "application/json"}).json()
    content = schema["paths"]["/api/v1/webhooks/service-events/{source}/"]["post"]["requestBody"]["content"][
        "application/json"
    ]

    assert [json.loads(text) for text in blocks("json")] == list(BODIES.values())
    assert [example["value"] for example in content["examples"].values()] == list(BODIES.values())


def test_the_bodies_are_taken_in_when_signed_as_shown(organisation):
    namespace: dict = {}
    exec(blocks("python")[0], namespace)  # noqa: S102 - our own documentation
    _source, secret = create_webhook_source(
        slug="crm", name="CRM", at=datetime.fromisoformat("2026-11-20T08:00:00+08:00")
    )
    statuses = []

    for number, text in enumerate(blocks("json")):
        body = text.encode()
        headers = namespace["headers_for"](body, secret=secret, webhook_id=f"msg_{number}")
        kind = headers.pop("Content-Type")
        statuses.append(
            Client()
            .post("/api/v1/webhooks/service-events/crm/", body, content_type=kind, headers=headers)
            .status_code
        )

    assert statuses == [201, 201, 201]
    assert ServiceEvent.objects.get().status == "reopened"
