from feedback_site.service_events.services.event_contacts import ContactThenAndNow, contacts_then_and_now
from feedback_site.service_events.services.idempotency import answer_idempotency_key, claim_idempotency_key
from feedback_site.service_events.services.recording import (
    RecordedEvent,
    record_service_event,
    record_service_events,
)
from feedback_site.service_events.services.submissions import EventSubmission, LeftOut
from feedback_site.service_events.services.transitions import record_transition
from feedback_site.service_events.services.webhook_changes import (
    add_secret,
    end_older_secret,
    make_source,
    save_source,
)
from feedback_site.service_events.services.webhooks import (
    SignedRequest,
    WebhookReply,
    add_webhook_secret,
    authenticate_webhook,
    create_webhook_source,
    end_older_webhook_secret,
    may_be_signed,
    prune_webhook_deliveries,
    sign_webhook,
    take_in_delivery,
)

__all__ = [
    "ContactThenAndNow",
    "EventSubmission",
    "LeftOut",
    "RecordedEvent",
    "SignedRequest",
    "WebhookReply",
    "add_secret",
    "add_webhook_secret",
    "answer_idempotency_key",
    "authenticate_webhook",
    "claim_idempotency_key",
    "contacts_then_and_now",
    "create_webhook_source",
    "end_older_secret",
    "end_older_webhook_secret",
    "make_source",
    "may_be_signed",
    "prune_webhook_deliveries",
    "record_service_event",
    "record_service_events",
    "record_transition",
    "save_source",
    "sign_webhook",
    "take_in_delivery",
]
