"""What happened to one event: recorded, completed, decided, invited, sent, visited, answered."""

from datetime import datetime
from typing import Any

from feedback_site.delivery.models import Message
from feedback_site.service_events.models import ServiceEvent
from surveys.enums import InvitationOrigin
from surveys.models import EventDecision, Invitation
from surveys.services.invitations.inviting import MESSAGE_SUBJECT


def timeline_of(event: ServiceEvent) -> list[dict[str, Any]]:
    """Return `{"at", "what", ...}` in order of time. Five queries."""
    entries = [_entry(event.opened_at, "opened"), _entry(event.recorded_at, "recorded")]
    entries += [_entry(row.at, row.type, **row.details) for row in event.transitions.all()]
    decision = EventDecision.objects.filter(service_event=event).first()
    if decision is not None:
        extra = {"reason": decision.reason} if decision.reason else {}
        entries.append(_entry(decision.decided_at, "decided", **extra))
    invitations = list(Invitation.objects.filter(service_event=event).select_related("visit"))
    for invitation in invitations:
        entries += _entries_of_invitation(invitation)
    messages = Message.objects.filter(
        subject_kind=MESSAGE_SUBJECT, subject_id__in=[row.id for row in invitations]
    )
    entries += [_entry_of_message(message) for message in messages.prefetch_related("attempts")]
    return sorted(entries, key=lambda entry: entry["at"])


def _entries_of_invitation(invitation: Invitation) -> list[dict[str, Any]]:
    """Return what happened to one invitation.

    For answers from elsewhere, or asked by an interviewer, no invitation is listed.
    """
    entries = []
    if invitation.origin == InvitationOrigin.SENT:
        entries.append(
            _entry(
                invitation.invited_at,
                "invited",
                invitation=str(invitation.id),
                deadline_at=invitation.deadline_at,
            )
        )
    visit = invitation.visit_of_people
    if visit is not None:
        entries.append(_entry(visit.first_at, "visited", times=visit.count))
    if invitation.answered_at is not None:
        extra = {} if invitation.origin == InvitationOrigin.SENT else {"origin": invitation.origin}
        entries.append(_entry(invitation.answered_at, "answered", **extra))
    if invitation.voided_at is not None:
        entries.append(_entry(invitation.voided_at, "voided", reason=invitation.void_reason))
    return entries


def _entry_of_message(message: Message) -> dict[str, Any]:
    last_attempt_at = max(
        (attempt.attempted_at for attempt in message.attempts.all()), default=message.queued_at
    )
    extra = {"late": message.late_cause} if message.is_late else {}
    if message.end_reason:
        extra["reason"] = message.end_reason
    return _entry(
        message.sent_at or last_attempt_at,
        message.status,
        channel=message.channel,
        step=message.step,
        **extra,
    )


def _entry(at: datetime, what: str, **extra: Any) -> dict[str, Any]:
    return {"at": at, "what": str(what), **extra}
