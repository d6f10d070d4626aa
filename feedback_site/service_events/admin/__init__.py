from feedback_site.service_events.admin.agent import AgentAdmin
from feedback_site.service_events.admin.calendar import CalendarDayAdmin, WorkingCalendarAdmin
from feedback_site.service_events.admin.event import ServiceEventAdmin
from feedback_site.service_events.admin.event_import import EventImportAdmin
from feedback_site.service_events.admin.idempotency_key import IdempotencyKeyAdmin
from feedback_site.service_events.admin.reference import ServiceChannelAdmin, ServiceKindAdmin
from feedback_site.service_events.admin.transition import ServiceEventTransitionAdmin
from feedback_site.service_events.admin.webhook_source import WebhookDeliveryAdmin, WebhookSourceAdmin

__all__ = [
    "AgentAdmin",
    "CalendarDayAdmin",
    "EventImportAdmin",
    "IdempotencyKeyAdmin",
    "ServiceChannelAdmin",
    "ServiceEventAdmin",
    "ServiceEventTransitionAdmin",
    "ServiceKindAdmin",
    "WebhookDeliveryAdmin",
    "WebhookSourceAdmin",
    "WorkingCalendarAdmin",
]
