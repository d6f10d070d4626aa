"""What deciding fetches for a whole batch at once, and the verdict on each event of it."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from feedback_site.customers.enums import Purpose
from feedback_site.customers.services import consenting_customer_ids
from feedback_site.delivery.enums import MessageStatus
from feedback_site.delivery.models import Message
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from surveys.enums import DecisionReason
from surveys.models import Invitation
from surveys.rules import HEADLINE, Address, Candidate, SurveyRule, first_usable, withhold_reason
from surveys.selectors.addresses import Reach, reach_of
from surveys.selectors.survey_rules import TeamTree, active_rules, team_tree
from surveys.services.invitations.inviting import MESSAGE_SUBJECT, Schedule, prepare_invitation
from surveys.services.locking import lock_contacts

Completions = Mapping[uuid.UUID, ServiceEventTransition]
# Contacts asked so far, by whether the asking was history
# replayed: what never left this machine disturbed no one.
Asked = defaultdict[tuple[bool, bytes], list[datetime]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One event's outcome: an invitation that is not saved yet with its address, or a reason."""

    event: ServiceEvent
    completion: ServiceEventTransition
    survey_id: int | None = None
    reason: DecisionReason | None = None
    invitation: Invitation | None = None
    address: Address | None = None


@dataclass(slots=True)
class _Batch:
    """Reference data and the state of the batch."""

    at: datetime
    completions: Completions
    teams: TeamTree
    rules: list[SurveyRule]
    consenting: set[uuid.UUID]
    reach: Reach
    asked: Asked = field(default_factory=lambda: defaultdict(list))

    def moment_of(self, event: ServiceEvent) -> datetime:
        return self.completions[event.pk].at if event.is_replayed else self.at


def judge_events(events: Sequence[ServiceEvent], *, completions: Completions, at: datetime) -> list[Verdict]:
    """Return a verdict per event, in the order of completion. A fixed
    number of queries; holds the contacts' locks until the commit.
    """
    customers = {event.customer_id: event.customer for event in events}
    teams, reach = team_tree(), reach_of(customers.values())
    batch = _Batch(
        at=at,
        completions=completions,
        teams=teams,
        rules=active_rules(teams),
        consenting=consenting_customer_ids(
            customer_ids=customers, purpose=Purpose.SURVEY, contacts=reach.contacts()
        ),
        reach=reach,
    )
    if any(rule.cap for rule in batch.rules):
        _load_asked(batch, events)
    return [
        _judge(event, batch)
        for event in sorted(events, key=lambda event: (completions[event.pk].at, event.pk))
    ]


def _judge(event: ServiceEvent, batch: _Batch) -> Verdict:
    completion, moment = batch.completions[event.pk], batch.moment_of(event)
    rule = _first_match(event, batch, moment)
    if rule is None:
        return Verdict(event=event, completion=completion, reason=DecisionReason.NO_SURVEY)
    addresses = batch.reach.addresses(event.customer_id, rule.delivery_channels)
    address = first_usable(addresses, batch.reach.suppressed)
    candidate = Candidate(
        event_id=event.pk,
        completed_at=completion.at,
        moment=moment,
        has_consent=event.customer_id in batch.consenting,
        has_address=bool(addresses),
        address=address,
        asked_at=batch.asked[event.is_replayed, address.index] if address else (),
    )
    reason = withhold_reason(rule, candidate)
    if reason is not None or address is None:
        return Verdict(event=event, completion=completion, survey_id=rule.survey_id, reason=reason)
    batch.asked[event.is_replayed, address.index].append(moment)
    invitation = _invitation(event, rule, address, batch)
    return Verdict(
        event=event, completion=completion, survey_id=rule.survey_id, invitation=invitation, address=address
    )


def _first_match(event: ServiceEvent, batch: _Batch, moment: datetime) -> SurveyRule | None:
    facts = {"kind_id": event.kind_id, "channel_id": event.channel_id, "team_id": event.credited_team_id}
    return next((rule for rule in batch.rules if rule.matches(moment=moment, **facts)), None)


def _invitation(event: ServiceEvent, rule: SurveyRule, address: Address, batch: _Batch) -> Invitation:
    return prepare_invitation(
        purpose=Purpose.SURVEY.value,
        version_id=rule.version_id,
        team_id=event.team_id,
        credited_team_id=event.credited_team_id,
        customer=event.customer,
        survey_id=rule.survey_id,
        service_event=event,
        contact=batch.reach.contact(event.customer_id, address),
        schedule=_schedule(event, rule, batch),
    )


def _schedule(event: ServiceEvent, rule: SurveyRule, batch: _Batch) -> Schedule:
    """A configured delay and replayed history stay outside the
    headline: they have no deadline, so they are never late.
    """
    completed_at = batch.completions[event.pk].at
    is_in_headline = not event.is_replayed and not rule.delay
    return Schedule(
        invited_at=batch.moment_of(event),
        belongs_on=completed_at.astimezone(batch.teams.zones[event.credited_team_id]).date(),
        due_at=batch.at if event.is_replayed else completed_at + rule.delay,
        deadline_at=completed_at + HEADLINE if is_in_headline else None,
        send_until=(batch.at if event.is_replayed else completed_at) + rule.age_limit + rule.delay,
        expires_at=batch.at + rule.link_valid,
        is_in_headline=is_in_headline,
        is_replayed=event.is_replayed,
    )


def _load_asked(batch: _Batch, events: Sequence[ServiceEvent]) -> None:
    """Lock the batch's contacts in one order, then read when they
    were asked: two workers never both think that a contact is free.
    """
    lock_contacts(batch.reach.locks())
    forms = batch.reach.forms()
    earliest = min(batch.moment_of(event) for event in events) - max(rule.cap for rule in batch.rules)
    left = Message.objects.filter(
        subject_kind=MESSAGE_SUBJECT, subject_id=OuterRef("pk"), status=MessageStatus.SENT
    )
    asked = Invitation.objects.filter(
        Q(voided_at__isnull=True) | Exists(left),
        purpose=Purpose.SURVEY,
        contact_index__in=list(forms),
        invited_at__gt=earliest,
    )
    for is_replayed, index, invited_at in asked.values_list("is_replayed", "contact_index", "invited_at"):
        if index is not None:
            batch.asked[is_replayed, forms[bytes(index)]].append(invited_at)
