from feedback_site.service_events.models.agent import Agent
from feedback_site.service_events.models.calendar import CalendarDay, WorkingCalendar
from feedback_site.service_events.models.event import ServiceEvent
from feedback_site.service_events.models.event_contact import EventContact
from feedback_site.service_events.models.event_import import EventImport, EventImportPart, EventImportProblem
from feedback_site.service_events.models.idempotency_key import IdempotencyKey
from feedback_site.service_events.models.import_customer import EventImportCustomer
from feedback_site.service_events.models.reference import ServiceChannel, ServiceKind
from feedback_site.service_events.models.transition import ServiceEventTransition
from feedback_site.service_events.models.webhook_source import (
    SECRET_SLOTS,
    WebhookDelivery,
    WebhookSecret,
    WebhookSource,
)

__all__ = [
    "SECRET_SLOTS",
    "Agent",
    "CalendarDay",
    "EventContact",
    "EventImport",
    "EventImportCustomer",
    "EventImportPart",
    "EventImportProblem",
    "IdempotencyKey",
    "ServiceChannel",
    "ServiceEvent",
    "ServiceEventTransition",
    "ServiceKind",
    "WebhookDelivery",
    "WebhookSecret",
    "WebhookSource",
    "WorkingCalendar",
]
