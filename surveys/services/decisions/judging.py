"""What deciding fetches for a whole batch at once, and the verdict on each event of it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback_site.customers.enums import Purpose
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from surveys.enums import DecisionReason
from surveys.models import Invitation
from surveys.rules import HEADLINE, NO_CAP, Address, Candidate, SurveyRule, withhold_reason
from surveys.selectors.survey_rules import TeamTree, active_rules, team_tree
from surveys.services.invitations.askable import Askable, load_askable
from surveys.services.invitations.inviting import Schedule, prepare_invitation

Completions = Mapping[uuid.UUID, ServiceEventTransition]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedEvent:
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
    askable: Askable

    def moment_of(self, event: ServiceEvent) -> datetime:
        return _moment_of(event, self.completions, self.at)


def judge_events(
    events: Sequence[ServiceEvent], *, completions: Completions, at: datetime
) -> list[JudgedEvent]:
    """Return a verdict per event, in the order of completion.

    A fixed number of queries; holds the contacts' locks until the commit.
    """
    if not events:
        return []
    customers = {event.customer_id: event.customer for event in events}
    teams = team_tree()
    rules = active_rules(teams)
    longest = max((rule.cap for rule in rules), default=NO_CAP)
    earliest = min(_moment_of(event, completions, at) for event in events)
    askable = load_askable(
        customers=customers.values(),
        purpose=Purpose.SURVEY,
        asked_since=earliest - longest if longest else None,
    )
    batch = _Batch(at=at, completions=completions, teams=teams, rules=rules, askable=askable)
    return [
        _judge(event, batch)
        for event in sorted(events, key=lambda event: (completions[event.pk].at, event.pk))
    ]


def _moment_of(event: ServiceEvent, completions: Completions, at: datetime) -> datetime:
    return completions[event.pk].at if event.is_replayed else at


def _judge(event: ServiceEvent, batch: _Batch) -> JudgedEvent:
    completion, moment = batch.completions[event.pk], batch.moment_of(event)
    rule = _first_match(event, batch, moment)
    if rule is None:
        return JudgedEvent(event=event, completion=completion, reason=DecisionReason.NO_SURVEY)
    asking = batch.askable.may_be_asked(
        event.customer_id,
        channels=rule.delivery_channels,
        moment=moment,
        cap=rule.cap,
        is_replayed=event.is_replayed,
    )
    candidate = Candidate(event_id=event.pk, completed_at=completion.at, moment=moment, asking=asking)
    reason, address = withhold_reason(rule, candidate), asking.address
    if reason is not None or address is None:
        return JudgedEvent(event=event, completion=completion, survey_id=rule.survey_id, reason=reason)
    batch.askable.note_asked(address, moment=moment, is_replayed=event.is_replayed)
    invitation = _invitation(event, rule, address, batch)
    return JudgedEvent(
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
        contact=batch.askable.reach.contact(event.customer_id, address),
        schedule=_schedule(event, rule, batch),
    )


def _schedule(event: ServiceEvent, rule: SurveyRule, batch: _Batch) -> Schedule:
    """Return when the invitation is due, late and over.

    With a configured delay, or as replayed history, it stays outside the headline: it has no deadline and is
    never late.
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
