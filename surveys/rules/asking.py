"""Whether an event is asked about: pure decisions over facts that services have fetched."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback_site.service_events.enums import EventStatus, TransitionType
from surveys.enums import DecisionReason, VoidReason
from surveys.rules.contacting import NO_CAP, Asking

# The promise: the questionnaire is on its way this long after completion.
HEADLINE = timedelta(minutes=10)
# What ends the question about a completed service, and why it is voided then if it has not left.
VOIDED_BY = {
    TransitionType.REOPENED: VoidReason.REOPENED,
    TransitionType.CANCELLED: VoidReason.CANCELLED,
    TransitionType.SUPERSEDED: VoidReason.SUPERSEDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRule:
    """A survey rule as decisions read it.

    Empty `kind_ids` and `channel_ids` match all, `team_ids` None does too.
    """

    survey_id: int
    version_id: int
    delivery_channels: tuple[str, ...]
    age_limit: timedelta
    link_valid: timedelta
    kind_ids: frozenset[int] = frozenset()
    channel_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] | None = None
    sample_percent: int = 100
    delay: timedelta = timedelta(0)
    cap: timedelta = NO_CAP
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def matches(self, *, kind_id: int, channel_id: int, team_id: int, moment: datetime) -> bool:
        """Say whether an event of this kind, service channel and credited team is this rule's at `moment`."""
        return (
            (not self.kind_ids or kind_id in self.kind_ids)
            and (not self.channel_ids or channel_id in self.channel_ids)
            and (self.team_ids is None or team_id in self.team_ids)
            and (self.starts_at is None or self.starts_at <= moment)
            and (self.ends_at is None or moment < self.ends_at)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What is known of an event that a rule matches, and whether its customer may be asked."""

    event_id: uuid.UUID
    completed_at: datetime
    # When the event is decided: now, for replayed history its own completion.
    moment: datetime
    asking: Asking


def withhold_reason(rule: SurveyRule, candidate: Candidate) -> DecisionReason | None:
    """Return the first reason not to ask, in the order of the ledger; None when the customer is asked."""
    if candidate.moment - candidate.completed_at > rule.age_limit:
        return DecisionReason.TOO_OLD
    if candidate.asking.obstacle is not None:
        return DecisionReason(candidate.asking.obstacle.value)
    return None if is_in_sample(candidate.event_id, rule.sample_percent) else DecisionReason.SAMPLED_OUT


def is_in_sample(event_id: uuid.UUID, percent: int) -> bool:
    """Draw the event by a hash of its id: deciding again gives the same draw."""
    return int.from_bytes(hashlib.sha256(event_id.bytes).digest()[:8]) % 100 < percent


def reason_to_void(
    *, status: str, completed_at: datetime | None, asked_about: datetime | None
) -> VoidReason | None:
    """Return why an event that stands so is not asked about any more; None when it is.

    `asked_about` is the completion that was decided on: with another one on record
    the event was reopened in between, and its customer is asked about the new one.
    """
    if status != EventStatus.COMPLETED:
        return VOIDED_BY.get(TransitionType(status)) if status != EventStatus.OPEN else None
    return VoidReason.REOPENED if asked_about is not None and asked_about != completed_at else None
