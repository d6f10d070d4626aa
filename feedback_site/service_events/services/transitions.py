"""Recording what happened to an event later.

Facts are only added, and the database takes them one after the other per event: its row is locked. The same
fact again is recognised (type and time name it); a fact that contradicts what is on record is refused with a
sentence that says what to send instead. What a transition does to invitations is found by a sweep further up.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.common.doorbell import ring
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.common.task_table import APPLY_TRANSITIONS, DECIDE_EVENTS
from feedback_site.customers.services import keep_sealed, names_of
from feedback_site.service_events.enums import EventStatus, TransitionType
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from feedback_site.service_events.rules.events import COMPLETION_FACTS, NOT_BEFORE_OPENING, why_not_now
from feedback_site.service_events.services.corrections import correct_event, without_facts_known_better
from feedback_site.service_events.services.words import (
    DETAILS,
    TRANSITION_WORDS,
    Facts,
    details_as_written,
    mask_corrected,
    mask_facts,
)


@transaction.atomic
def record_transition(
    *,
    event: ServiceEvent,
    type: TransitionType,  # noqa: A002 - what the API and the model call it
    happened_at: datetime,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
    superseded_by: ServiceEvent | None = None,
) -> tuple[ServiceEventTransition, bool]:
    """Append one later fact and return it with whether it is new; the event follows.

    `facts` are those of `COMPLETION_FACTS` with a completion and of `CORRECTABLE_FACTS`
    with a correction; `details` is stored masked. Raises `ConflictError` where the
    event's state does not allow it, `DomainError` for a time before what is on record.
    """
    kind = TransitionType(type)
    event, replacement = _locked(event, superseded_by)
    details, facts = dict(details or {}), facts or {}
    known = event.transitions.filter(type=kind, at=happened_at).first()
    if known is not None:
        _refuse_other_details(known, details)
        return known, False
    _refuse_impossible(event, kind, replacement)
    _refuse_early(event, kind, happened_at, facts)
    transition = _append(event, kind, happened_at, details, at)
    facts = mask_corrected(event, without_facts_known_better(transition, facts), at=at)
    if kind is TransitionType.CORRECTED:
        correct_event(event, facts)
    else:
        _move_on(event, kind, happened_at, facts, replacement)
    ring(DECIDE_EVENTS if kind is TransitionType.COMPLETED else APPLY_TRANSITIONS)
    return transition, True


def _append(
    event: ServiceEvent, kind: TransitionType, happened_at: datetime, details: Facts, at: datetime
) -> ServiceEventTransition:
    """Add the fact with what was written freely masked, and keep that sealed."""
    masked, sealed = mask_facts(details, names=names_of(event.customer) if details else [], prefix=DETAILS)
    transition = ServiceEventTransition.objects.create(
        event=event, type=kind, at=happened_at, details=masked, recorded_at=at
    )
    keep_sealed(kind=TRANSITION_WORDS, texts=[(transition.pk, new) for new in sealed], at=at)
    return transition


def _locked(
    event: ServiceEvent, superseded_by: ServiceEvent | None
) -> tuple[ServiceEvent, ServiceEvent | None]:
    """Lock the event, and what replaces it, in one order for all writers."""
    ids = {event.pk} | ({superseded_by.pk} if superseded_by else set())
    rows = ServiceEvent.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True, of=("self",))
    locked = {row.pk: row for row in rows}
    return locked[event.pk], locked[superseded_by.pk] if superseded_by else None


def _refuse_other_details(known: ServiceEventTransition, details: Facts) -> None:
    if details_as_written(known) != details:
        raise ConflictError(
            _(
                "This later change is on record with other details. Send the right ones as a correction with "
                "its own time."
            ),
            {"id": str(known.id)},
        )


def _refuse_impossible(event: ServiceEvent, kind: TransitionType, replacement: ServiceEvent | None) -> None:
    status = EventStatus(event.status)
    reason = why_not_now(status, kind)
    if reason:
        extra = {"status": status.value, "type": kind.value}
        if event.superseded_by_id:
            extra["superseded_by"] = str(event.superseded_by_id)
        raise ConflictError(reason, extra)
    if kind is TransitionType.SUPERSEDED:
        _refuse_wrong_replacement(event, replacement)


def _refuse_wrong_replacement(event: ServiceEvent, replacement: ServiceEvent | None) -> None:
    if replacement is None:
        raise DomainError(
            _("Some fields are wrong."),
            {"fields": {"superseded_by": [_("Say which event replaces this one.")]}},
        )
    if replacement.pk == event.pk:
        raise DomainError(
            _("Some fields are wrong."),
            {"fields": {"superseded_by": [_("A service event cannot replace itself.")]}},
        )
    if replacement.status == EventStatus.SUPERSEDED:
        raise ConflictError(
            _("The event that is to replace this one was replaced itself: name the event that replaced it."),
            {"superseded_by": str(replacement.superseded_by_id)},
        )


def _refuse_early(
    event: ServiceEvent, kind: TransitionType, happened_at: datetime, facts: Mapping[str, Any]
) -> None:
    """Refuse times before the opening and, where the order matters, before what is on record."""
    earliest = event.opened_at
    if kind is not TransitionType.CORRECTED:
        moves = event.transitions.exclude(type=TransitionType.CORRECTED)
        earliest = max(earliest, moves.order_by("-at").values_list("at", flat=True).first() or earliest)
    wrong = {
        name: [_("This is before the service event was registered.")]
        for name in NOT_BEFORE_OPENING
        if _is_before(facts.get(name), event.opened_at)
    }
    if happened_at < earliest:
        wrong = {"at": [_("This is before what is already on record of the event.")]}
    if wrong:
        raise DomainError(_("Some fields are wrong."), {"fields": wrong})


def _is_before(moment: datetime | None, opened_at: datetime) -> bool:
    return moment is not None and moment < opened_at


def _move_on(
    event: ServiceEvent,
    kind: TransitionType,
    happened_at: datetime,
    facts: Mapping[str, Any],
    replacement: ServiceEvent | None,
) -> None:
    changed = {"status", "updated_at"}
    event.status = EventStatus(kind.value)
    if kind is TransitionType.SUPERSEDED:
        event.superseded_by = replacement
        changed.add("superseded_by")
    if kind is TransitionType.COMPLETED:
        event.completed_at = happened_at
        changed.add("completed_at")
        for name in COMPLETION_FACTS & facts.keys():
            setattr(event, name, facts[name])
            changed.add(name)
    event.save(update_fields=changed)
