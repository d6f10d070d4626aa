from feedback_site.service_events.models.agent import Agent
from feedback_site.service_events.models.event import ServiceEvent
from feedback_site.service_events.models.idempotency_key import IdempotencyKey
from feedback_site.service_events.models.reference import ServiceChannel, ServiceKind
from feedback_site.service_events.models.transition import ServiceEventTransition

__all__ = ["Agent", "IdempotencyKey", "ServiceChannel", "ServiceEvent", "ServiceEventTransition", "ServiceKind"]
