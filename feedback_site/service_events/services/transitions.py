"""Recording what happened to an event later."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.common.doorbell import ring
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.service_events.enums import EventStatus, TransitionType
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from feedback_site.service_events.rules import NOT_BEFORE_OPENING
from feedback_site.service_events.services.recording import DECIDE_EVENTS

# Facts that are known only at the end; a completion may bring them.
COMPLETION_FACTS = ("is_resolved", "first_response_at", "arrived_at", "handovers")
_ALLOWED_FROM = {
    TransitionType.COMPLETED: {EventStatus.OPEN, EventStatus.REOPENED},
    TransitionType.REOPENED: {EventStatus.COMPLETED, EventStatus.CANCELLED},
    TransitionType.CANCELLED: {EventStatus.OPEN, EventStatus.COMPLETED, EventStatus.REOPENED},
}


@transaction.atomic
def record_transition(
    *,
    event: ServiceEvent,
    type: TransitionType,  # noqa: A002 - what the API and the model call it
    happened_at: datetime,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
) -> tuple[ServiceEventTransition, bool]:
    """Append one later fact and return it with whether it is new; the event's status follows.

    `facts` (only with a completion) are those of `COMPLETION_FACTS`; `details` is stored as sent.
    Raises `ConflictError` where the event's state does not allow it, `DomainError` for a time before what is on record.
    """
    kind = TransitionType(type)
    event = ServiceEvent.objects.select_for_update(no_key=True, of=("self",)).get(pk=event.pk)
    details = dict(details or {})
    known = event.transitions.filter(type=kind, at=happened_at).first()
    if known is not None:
        _refuse_other_details(known, details)
        return known, False
    _refuse_impossible(event, kind, happened_at)
    _refuse_facts_before_opening(event, facts or {})
    transition = ServiceEventTransition.objects.create(event=event, type=kind, at=happened_at, details=details, recorded_at=at)
    _apply(event, kind, happened_at, facts or {})
    ring(DECIDE_EVENTS)
    return transition, True


def _refuse_other_details(known: ServiceEventTransition, details: dict[str, Any]) -> None:
    if known.details != details:
        raise ConflictError(_("This transition is on record with other details."), {"id": str(known.id)})


def _refuse_impossible(event: ServiceEvent, kind: TransitionType, happened_at: datetime) -> None:
    if event.status not in _ALLOWED_FROM[kind]:
        raise ConflictError(
            _("The event is %(status)s: this cannot happen to it now.") % {"status": EventStatus(event.status).label},
            {"status": event.status, "type": kind.value},
        )
    latest = event.transitions.order_by("-at").values_list("at", flat=True).first()
    earliest = max(event.opened_at, latest or event.opened_at)
    if happened_at < earliest:
        wrong = {"at": [_("This is before what is already on record of the event.")]}
        raise DomainError(_("Some fields are wrong."), {"fields": wrong})


def _refuse_facts_before_opening(event: ServiceEvent, facts: Mapping[str, Any]) -> None:
    early = [name for name in NOT_BEFORE_OPENING if facts.get(name) is not None and facts[name] < event.opened_at]
    if early:
        raise DomainError(_("Some fields are wrong."), {"fields": {name: [_("This is before the event opened.")] for name in early}})


def _apply(event: ServiceEvent, kind: TransitionType, happened_at: datetime, facts: Mapping[str, Any]) -> None:
    changed = ["status", "updated_at"]
    event.status = EventStatus(kind.value)
    if kind == TransitionType.COMPLETED:
        event.completed_at = happened_at
        changed.append("completed_at")
        for name in COMPLETION_FACTS:
            if name in facts:
                setattr(event, name, facts[name])
                changed.append(name)
    event.save(update_fields=changed)
