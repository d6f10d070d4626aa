"""Deciding: every completed event becomes an invitation or a reason, once."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from feedback_site.common.locks import Lock, is_alone
from feedback_site.common.row_logs import log_rows
from feedback_site.customers.enums import Purpose
from feedback_site.delivery.enums import MessageStatus
from feedback_site.delivery.models import Message
from feedback_site.service_events.enums import EventStatus, TransitionType
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from surveys.enums import DecisionReason, InvitationOrigin
from surveys.models import EventDecision, Invitation
from surveys.rules import Address
from surveys.services.decisions.judging import Completions, JudgedEvent, judge_events
from surveys.services.invitations.inviting import MESSAGE_SUBJECT, save_invitations

logger = structlog.get_logger(__name__)

# Longer than any transaction may last, so that no fact commits
# behind the window; the nightly pass looks at everything.
WINDOW = timedelta(days=2)
# How long after its invitation was voided a reopened event is
# decided again at once; later ones wait for the nightly pass.
REOPENED_WINDOW = timedelta(days=30)
_LEFT = [MessageStatus.SENT, MessageStatus.SENDING, MessageStatus.UNCERTAIN]


@transaction.atomic
def decide_events(*, at: datetime, limit: int = 500, everything: bool = False) -> int:
    """Decide on up to `limit` completed events and return how many.

    Events that another worker holds are passed over. Looks at completions recorded within `WINDOW`, at all
    with `everything`.

    Replayed history waits for live events and is decided by one worker at a time, in the order of completion,
    so that contact caps see it in that order.
    """
    may_decide = _without_replayed_unless_alone(ServiceEvent.objects.completed())
    claimed = _claim(_undecided(may_decide, None if everything else at - WINDOW), limit)
    if len(claimed) < limit:
        again = _completed_again(None if everything else at - REOPENED_WINDOW, limit)
        claimed += _claim(may_decide.filter(pk__in=again), limit - len(claimed)) if again else []
    return len(_decide(claimed, at)) if claimed else 0


def _without_replayed_unless_alone(events: QuerySet[ServiceEvent]) -> QuerySet[ServiceEvent]:
    return events if is_alone(Lock.REPLAYED_EVENTS) else events.filter(is_replayed=False)


def _undecided(events: QuerySet[ServiceEvent], since: datetime | None) -> QuerySet[ServiceEvent]:
    return events.filter(
        Exists(_completions(since)), ~Exists(EventDecision.objects.filter(pk=OuterRef("pk")))
    )


def _completed_again(since: datetime | None, limit: int) -> list[uuid.UUID]:
    """Return events that were completed again after their unsent invitation was voided.

    They are decided again.
    """
    voided = Invitation.objects.filter(
        ~Exists(_left(OuterRef("pk"))),
        voided_at__isnull=False,
        service_event__status=EventStatus.COMPLETED,
        service_event__completed_at__gt=F("decision__completion__at"),
    )
    if since is not None:
        voided = voided.filter(voided_at__gte=since)
    return [
        event_id
        for event_id in voided.values_list("service_event_id", flat=True)[:limit]
        if event_id is not None
    ]


def _completions(since: datetime | None) -> QuerySet[ServiceEventTransition]:
    completions = ServiceEventTransition.objects.filter(
        event_id=OuterRef("pk"), type=TransitionType.COMPLETED
    )
    return completions if since is None else completions.filter(recorded_at__gte=since)


def _left(invitation_id: OuterRef) -> QuerySet[Message]:
    return Message.objects.filter(subject_kind=MESSAGE_SUBJECT, subject_id=invitation_id, status__in=_LEFT)


def _was_never_asked() -> Q:
    """Return which decisions the next completion may replace.

    The event was reopened, or the invitation was voided before it left.
    """
    voided = Q(~Exists(_left(OuterRef("invitation_id"))), invitation__voided_at__isnull=False)
    return Q(Q(reason=DecisionReason.REOPENED) | voided)


def _claim(events: QuerySet[ServiceEvent], limit: int) -> list[ServiceEvent]:
    # Events that another worker decides on are left to it: to wait for them would only find them decided.
    locked = events.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return list(locked.select_related("customer").order_by("is_replayed", "completed_at", "pk")[:limit])


def _decide(events: Sequence[ServiceEvent], at: datetime) -> list[EventDecision]:
    """Decide on locked events.

    Looks at the decisions again: another worker may have committed between our look and our lock.
    """
    ids = [event.pk for event in events]
    completions = _latest_completions(ids)
    decided = dict(EventDecision.objects.filter(pk__in=ids).values_list("pk", "completion__at"))
    replaced = (
        set(EventDecision.objects.filter(_was_never_asked(), pk__in=decided).values_list("pk", flat=True))
        if decided
        else set()
    )
    replaced = {pk for pk in replaced & completions.keys() if completions[pk].at > decided[pk]}
    open_ids = completions.keys() - (decided.keys() - replaced)
    open_events = [event for event in events if event.pk in open_ids]
    verdicts = _adopt_answers_from_elsewhere(open_events, completions)
    adopted = {verdict.event.pk for verdict in verdicts}
    verdicts += judge_events(
        [event for event in open_events if event.pk not in adopted], completions=completions, at=at
    )
    _save(verdicts, at)
    decisions = [_decision(verdict, at) for verdict in verdicts]
    EventDecision.objects.bulk_create(decision for decision in decisions if decision.pk not in replaced)
    for decision in decisions:
        if decision.pk in replaced:
            decision.save(force_update=True)
    log_rows(logger, "events_judged", [_log_row(decision) for decision in decisions])
    return decisions


def _adopt_answers_from_elsewhere(
    events: Sequence[ServiceEvent], completions: Completions
) -> list[JudgedEvent]:
    """Return verdicts on events that were answered elsewhere before they were completed.

    Their customers are not asked again.
    """
    imported = Invitation.objects.filter(
        service_event__in=events,
        purpose=Purpose.SURVEY,
        origin=InvitationOrigin.IMPORTED,
        voided_at__isnull=True,
    )
    by_event = {invitation.service_event_id: invitation for invitation in imported}
    return [
        JudgedEvent(
            event=event,
            completion=completions[event.pk],
            survey_id=invitation.survey_id,
            invitation=invitation,
        )
        for event in events
        if (invitation := by_event.get(event.pk))
    ]


def _latest_completions(event_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, ServiceEventTransition]:
    completed = ServiceEventTransition.objects.filter(event_id__in=event_ids, type=TransitionType.COMPLETED)
    latest = completed.order_by("event_id", "-at", "-recorded_at", "-pk").distinct("event_id")
    return {completion.event_id: completion for completion in latest}


def _save(verdicts: Sequence[JudgedEvent], at: datetime) -> None:
    invitations: list[Invitation] = []
    addresses: dict[uuid.UUID, Address] = {}
    for verdict in verdicts:
        if verdict.invitation is not None and verdict.address is not None:
            invitations.append(verdict.invitation)
            addresses[verdict.invitation.id] = verdict.address
    if invitations:
        save_invitations(invitations, addresses=addresses, at=at)


def _decision(verdict: JudgedEvent, at: datetime) -> EventDecision:
    return EventDecision(
        service_event=verdict.event,
        completion=verdict.completion,
        survey_id=verdict.survey_id,
        invitation=verdict.invitation,
        reason=verdict.reason or "",
        decided_at=at,
    )


def _log_row(decision: EventDecision) -> dict[str, str]:
    became = (
        {"invitation": str(decision.invitation_id)} if decision.invitation_id else {"reason": decision.reason}
    )
    return {"event": str(decision.service_event_id), **became}
