"""Carries out what later facts about an event mean for what was asked.

Unsent invitations are voided, and rows move with their event to another team.

A sweep, like deciding: it looks for facts that change something and have no row of what they did, one row per
fact. Whether an invitation has left is decided at the rows of its messages, where sending and stopping take
turns.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from feedback_site.delivery.services import move_messages, stop_messages
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.models import ServiceEventTransition
from surveys.enums import EffectOutcome, InvitationOrigin, VoidReason
from surveys.models import EventDecision, Invitation, TransitionEffect
from surveys.rules import VOIDED_BY
from surveys.services.invitations.inviting import MESSAGE_SUBJECT

# Longer than any transaction may last, so that no fact commits
# behind the window; the nightly pass looks at everything.
WINDOW = timedelta(days=2)
_EFFECTIVE = [*VOIDED_BY, TransitionType.CORRECTED]


@transaction.atomic
def apply_transitions(*, at: datetime, limit: int = 500, everything: bool = False) -> int:
    """Carry out the effects of up to `limit` transitions and return how many are done.

    Events that another worker holds are passed over. A transition whose message is being handed over at this
    moment waits for the next round: only then is it known whether the message has left.
    """
    claimed = _claim(None if everything else at - WINDOW, limit)
    if not claimed:
        return 0
    outcomes = _move(claimed) | _void(claimed, at)
    TransitionEffect.objects.bulk_create(
        TransitionEffect(transition_id=key, outcome=outcome, applied_at=at)
        for key, outcome in outcomes.items()
    )
    return len(outcomes)


def _claim(since: datetime | None, limit: int) -> list[ServiceEventTransition]:
    """Lock the events and look again: another worker may have committed between our look and our lock."""
    effective = ServiceEventTransition.objects.filter(type__in=_EFFECTIVE)
    if since is not None:
        effective = effective.filter(recorded_at__gte=since)
    # The event, not the fact: two facts about one event are never carried out at once.
    locked = _without_effect(effective).select_for_update(skip_locked=True, of=("event",), no_key=True)
    claimed = list(locked.select_related("event").order_by("recorded_at", "pk")[:limit])
    done = (
        set(TransitionEffect.objects.filter(pk__in=[row.pk for row in claimed]).values_list("pk", flat=True))
        if claimed
        else set()
    )
    return [row for row in claimed if row.pk not in done]


def _without_effect(transitions: QuerySet[ServiceEventTransition]) -> QuerySet[ServiceEventTransition]:
    return transitions.filter(~Exists(TransitionEffect.objects.filter(pk=OuterRef("pk"))))


def _move(claimed: Iterable[ServiceEventTransition]) -> dict[uuid.UUID, EffectOutcome]:
    """Let the rows of corrected events follow their team. Who is credited, and what was counted, stays."""
    corrections = [row for row in claimed if row.type == TransitionType.CORRECTED]
    moved = {
        row.event_id: _move_rows(row.event_id, row.event.team_id)
        for row in corrections
        if "team" in row.details
    }
    return {
        row.pk: EffectOutcome.MOVED if moved.get(row.event_id) else EffectOutcome.NONE for row in corrections
    }


def _move_rows(event_id: uuid.UUID, team_id: int) -> int:
    invitations = Invitation.objects.filter(service_event_id=event_id)
    ids = list(invitations.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    if not ids:
        return 0
    moved = invitations.exclude(team_id=team_id).update(team_id=team_id)
    return moved + move_messages(subject_kind=MESSAGE_SUBJECT, subject_ids=ids, team_id=team_id)


def _void(claimed: Iterable[ServiceEventTransition], at: datetime) -> dict[uuid.UUID, EffectOutcome]:
    """Void what was asked about an earlier completion, unless it has left or was answered.

    That is a completion that one of these facts came after.
    """
    facts = sorted((row for row in claimed if row.type in VOIDED_BY), key=lambda row: (row.at, row.pk))
    asked = _asked_before(facts)
    reasons: dict[uuid.UUID, VoidReason] = {}
    for fact in facts:
        if fact.pk in asked:
            reasons.setdefault(asked[fact.pk], VOIDED_BY[TransitionType(fact.type)])
    became = _void_unsent(reasons, at)
    outcomes = {
        fact.pk: became.get(asked[fact.pk]) if fact.pk in asked else EffectOutcome.NONE for fact in facts
    }
    return {key: outcome for key, outcome in outcomes.items() if outcome is not None}


def _asked_before(facts: Sequence[ServiceEventTransition]) -> dict[uuid.UUID, uuid.UUID]:
    """Return by fact the invitation that was sent about a completion before it."""
    decisions = EventDecision.objects.filter(
        pk__in={fact.event_id for fact in facts}, invitation__origin=InvitationOrigin.SENT
    )
    decided = {decision.pk: decision for decision in decisions.select_related("completion")}
    asked_before = {}
    for fact in facts:
        decision = decided.get(fact.event_id)
        if decision is None or decision.invitation_id is None:
            continue
        if (fact.at, fact.pk) > (decision.completion.at, decision.completion_id):
            asked_before[fact.pk] = decision.invitation_id
    return asked_before


def _void_unsent(reasons: Mapping[uuid.UUID, VoidReason], at: datetime) -> dict[uuid.UUID, EffectOutcome]:
    """Return what became of each invitation; one that is leaving at this moment is absent."""
    rows = Invitation.objects.filter(pk__in=reasons).order_by("pk").select_for_update(no_key=True)
    became: dict[uuid.UUID, EffectOutcome] = {}
    by_reason: defaultdict[VoidReason, set[uuid.UUID]] = defaultdict(set)
    for pk, voided_at, answered_at in rows.values_list("pk", "voided_at", "answered_at"):
        if voided_at or answered_at:
            became[pk] = EffectOutcome.VOIDED if voided_at else EffectOutcome.KEPT
        else:
            by_reason[reasons[pk]].add(pk)
    for reason, open_ids in by_reason.items():
        stopped = stop_messages(subject_kind=MESSAGE_SUBJECT, subject_ids=open_ids, reason=reason.value)
        unsent = open_ids - stopped.left - stopped.leaving
        Invitation.objects.filter(pk__in=unsent).update(voided_at=at, void_reason=reason)
        became |= dict.fromkeys(unsent, EffectOutcome.VOIDED) | dict.fromkeys(
            open_ids & stopped.left, EffectOutcome.KEPT
        )
    return became
