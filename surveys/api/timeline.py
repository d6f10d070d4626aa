"""What happened to one event: recorded, completed, decided, invited, sent, visited, answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from feedback_site.delivery.models import Message
from feedback_site.service_events.models import ServiceEvent
from surveys.enums import InvitationOrigin
from surveys.models import EventDecision, Invitation
from surveys.services.invitations.inviting import MESSAGE_SUBJECT


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened to an event, what, and whatever else there is to say."""

    at: datetime
    what: str
    more: Mapping[str, object] = field(default_factory=dict)

    def shown(self) -> Mapping[str, object]:
        """Return it as callers get it."""
        return {"at": self.at, "what": self.what, **self.more}


def timeline_of(event: ServiceEvent) -> list[Moment]:
    """Return what happened in order of time. Five queries."""
    moments = [_moment(event.opened_at, "opened"), _moment(event.recorded_at, "recorded")]
    moments += [_moment(row.at, row.type, **row.details) for row in event.transitions.all()]
    decision = EventDecision.objects.filter(service_event=event).first()
    if decision is not None:
        extra = {"reason": decision.reason} if decision.reason else {}
        moments.append(_moment(decision.decided_at, "decided", **extra))
    invitations = list(Invitation.objects.filter(service_event=event).select_related("visit"))
    for invitation in invitations:
        moments += _moments_of_invitation(invitation)
    messages = Message.objects.filter(
        subject_kind=MESSAGE_SUBJECT, subject_id__in=[row.id for row in invitations]
    )
    moments += [_moment_of_message(message) for message in messages.prefetch_related("attempts")]
    return sorted(moments, key=lambda moment: moment.at)


def _moments_of_invitation(invitation: Invitation) -> list[Moment]:
    """Return what happened to one invitation.

    For answers from elsewhere, or asked by an interviewer, no invitation is listed.
    """
    moments = []
    if invitation.origin == InvitationOrigin.SENT:
        moments.append(
            _moment(
                invitation.invited_at,
                "invited",
                invitation=str(invitation.id),
                deadline_at=invitation.deadline_at,
            )
        )
    visit = invitation.visit_of_people
    if visit is not None:
        moments.append(_moment(visit.first_at, "visited", times=visit.count))
    if invitation.answered_at is not None:
        extra = {} if invitation.origin == InvitationOrigin.SENT else {"origin": invitation.origin}
        moments.append(_moment(invitation.answered_at, "answered", **extra))
    if invitation.voided_at is not None:
        moments.append(_moment(invitation.voided_at, "voided", reason=invitation.void_reason))
    return moments


def _moment_of_message(message: Message) -> Moment:
    last_attempt_at = max(
        (attempt.attempted_at for attempt in message.attempts.all()), default=message.queued_at
    )
    extra = {"late": message.late_cause} if message.is_late else {}
    if message.end_reason:
        extra["reason"] = message.end_reason
    return _moment(
        message.sent_at or last_attempt_at,
        message.status,
        channel=message.channel,
        step=message.step,
        **extra,
    )


def _moment(at: datetime, what: str, **more: object) -> Moment:
    return Moment(at, str(what), more)
