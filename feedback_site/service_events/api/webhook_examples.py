"""Bodies of webhooks as the API's documentation shows them; `docs/webhooks.md` explains the same."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

BODIES: dict[str, dict[str, Any]] = {
    "A service event that is still open": {
        "type": "service_event.created",
        "timestamp": "2026-11-20T09:00:00+08:00",
        "data": {
            "external_id": "W-1001",
            "kind": "after_sales_repair",
            "channel": "phone",
            "team": "east-1",
            "agent": "A17",
            "customer": {
                "external_id": "C-9",
                "name": "王小明",
                "phone": "+8613800000009",
                "language": "zh-hans",
                "segment": "existing",
            },
            "opened_at": "2026-11-20T09:00:00+08:00",
            "priority": "routine",
            "is_complaint": False,
            "consent": {"survey": True},
            "attributes": {"product": "boiler"},
        },
    },
    "It was completed": {
        "type": "service_event.completed",
        "timestamp": "2026-11-20T11:30:00+08:00",
        "data": {"external_id": "W-1001", "is_resolved": True},
    },
    "It came back": {
        "type": "service_event.reopened",
        "timestamp": "2026-11-20T15:00:00+08:00",
        "data": {"external_id": "W-1001"},
    },
}
EXAMPLES = [OpenApiExample(name, value=body, request_only=True) for name, body in BODIES.items()]
