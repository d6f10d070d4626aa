from feedback_site.service_events.services.idempotency import answer_idempotency_key, claim_idempotency_key
from feedback_site.service_events.services.recording import RecordedEvent, record_service_event, record_service_events
from feedback_site.service_events.services.submissions import EventSubmission
from feedback_site.service_events.services.transitions import record_transition

__all__ = [
    "EventSubmission",
    "RecordedEvent",
    "answer_idempotency_key",
    "claim_idempotency_key",
    "record_service_event",
    "record_service_events",
    "record_transition",
]
