"""What the API, webhooks and files hand in: a parsed event with its references resolved.

Its content tells a repeat from a conflict.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model

from feedback_site.accounts.models import Team
from feedback_site.customers.services import CustomerEntry
from feedback_site.service_events.enums import ContactFault, Priority
from feedback_site.service_events.models import ServiceChannel, ServiceEvent, ServiceKind
from feedback_site.service_events.services.content_seals import is_content_of, seal_content


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A contact that was sent and cannot be used: which, and why; never the contact itself."""

    field: str
    fault: ContactFault


@dataclass(frozen=True, kw_only=True)
class EventSubmission:
    """One service event as a system reported it.

    Times carry their zone; `consent` maps purposes to yes or no.

    A `completed_at` also records the completion; `agent` is the agent's
    code in the same source. `left_out` is no part of the content.
    """

    source: str
    external_id: str
    kind: ServiceKind
    channel: ServiceChannel
    team: Team
    customer: CustomerEntry
    opened_at: datetime
    first_response_at: datetime | None = None
    completed_at: datetime | None = None
    agent: str = ""
    priority: str = Priority.ROUTINE.value
    is_complaint: bool = False
    is_resolved: bool | None = None
    level: int | None = None
    complexity: str = ""
    handovers: int | None = None
    area: str = ""
    arrived_at: datetime | None = None
    eta_told_at: datetime | None = None
    product_line: str = ""
    is_in_warranty: bool | None = None
    consent: Mapping[str, bool] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What makes the event unique."""
        return (self.source, self.external_id)


_DEFAULTS = [(f.name, f.default) for f in fields(EventSubmission) if f.name not in {"customer", "left_out"}]
_CUSTOMER_FIELDS = [f.name for f in fields(CustomerEntry)]


def body_of(submission: EventSubmission) -> Mapping[str, Any]:
    """Return the normalised content without the customer.

    It has slugs for references, UTC for times, and no field that says only the default.
    """
    said = ((name, plain(getattr(submission, name)), default) for name, default in _DEFAULTS)
    return {name: value for name, value, default in said if value not in (None, default, {})}


def content_seal(submission: EventSubmission, event_id: uuid.UUID) -> bytes:
    """Return what tells this content again, the customer included, sealed for the event's row."""
    return seal_content(_content(submission), event_id=event_id)


def is_same_content(submission: EventSubmission, event: ServiceEvent) -> bool:
    """Return whether the event came with this content."""
    return is_content_of(event, _content(submission))


def _content(submission: EventSubmission) -> Mapping[str, Any]:
    customer = submission.customer
    known = {
        name: plain(value)
        for name in _CUSTOMER_FIELDS
        if (value := getattr(customer, name)) not in (None, "")
    }
    return {**body_of(submission), "customer": known}


def plain(value: Any) -> Any:
    """Return a fact as bodies hold it: times in UTC, references by slug or code."""
    if value is None or isinstance(value, str | int):  # most are
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Team):
        return value.code
    if isinstance(value, Model):
        return getattr(value, "slug", str(value.pk))
    return dict(value) if isinstance(value, Mapping) else value
