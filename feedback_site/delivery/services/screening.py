"""Which claimed messages may be sent: in time, built, and to a usable address."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from feedback_site.common.exceptions import DomainError
from feedback_site.common.sealing import ContactIndex, takes_texts
from feedback_site.delivery.channels import Envelope, Void
from feedback_site.delivery.enums import AttemptOutcome, DeliveryChannel, MessageStatus
from feedback_site.delivery.models import Message, MessageAttempt
from feedback_site.delivery.selectors import suppressed_contacts
from feedback_site.delivery.services.building import build_contents
from feedback_site.delivery.services.recording import Settlement
from feedback_site.delivery.services.suppressing import index_of

SUPPRESSED = "suppressed"
BAD_ADDRESS = "bad_address"
NEVER_SENT = "send_until_passed"
# Not an attempt: nothing was handed over. Ends as `missed` when the app above cannot build it in time.
NOT_BUILT_PAUSE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Screened:
    """Messages with their envelopes, ready to be handed over, and what became of the others."""

    ready: list[tuple[Message, Envelope]] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)


def screen(messages: Sequence[Message], *, at: datetime) -> Screened:
    """Build all and sort out what may not be sent: late, void, not built, or without a usable address."""
    overdue = {message.id: message for message in messages if _is_overdue(message, at)}
    screened = Screened(settlements=_ended(list(overdue.values()), at))
    messages = [message for message in messages if message.id not in overdue]
    contents = build_contents(messages, at=at)
    envelopes = {key: content for key, content in contents.items() if isinstance(content, Envelope)}
    refusals = _refusals(messages, envelopes)
    for message in messages:
        content = contents.get(message.id)
        if content is None:
            settlement = Settlement(
                message=message, status=MessageStatus.QUEUED, at=at, due_at=at + NOT_BUILT_PAUSE
            )
        elif isinstance(content, Void):
            settlement = Settlement(
                message=message, status=MessageStatus.VOIDED, at=at, end_reason=content.reason[:40]
            )
        elif refusal := refusals.get(message.id):
            status = MessageStatus.SUPPRESSED if refusal == SUPPRESSED else MessageStatus.FAILED
            settlement = Settlement(
                message=message, status=status, at=at, end_reason=refusal, fallback=content.fallback
            )
        else:
            screened.ready.append((message, content))
            continue
        screened.settlements.append(settlement)
    return screened


def _is_overdue(message: Message, at: datetime) -> bool:
    """Whether a message is too late. Replayed history is exempt: it is recorded whenever it is replayed."""
    return message.send_until < at and not message.is_local_only


def _ended(overdue: Sequence[Message], at: datetime) -> list[Settlement]:
    """Return messages whose time has passed.

    They are `missed` when they were never sent, `uncertain` when one attempt may have arrived.
    """
    if not overdue:
        return []
    attempts = MessageAttempt.objects.filter(message__in=overdue, outcome=AttemptOutcome.UNCERTAIN)
    may_have_arrived = set(attempts.values_list("message_id", flat=True))
    return [
        Settlement(
            message=message,
            status=MessageStatus.UNCERTAIN if message.id in may_have_arrived else MessageStatus.MISSED,
            at=at,
            end_reason=NEVER_SENT,
        )
        for message in overdue
    ]


def _refusals(messages: Sequence[Message], envelopes: Mapping[uuid.UUID, Envelope]) -> dict[uuid.UUID, str]:
    """Return why a message may not go to its address, by message id. One query per channel."""
    refusals: dict[uuid.UUID, str] = {}
    indexes: defaultdict[DeliveryChannel, dict[uuid.UUID, ContactIndex]] = defaultdict(dict)
    for message in messages:
        if message.id not in envelopes:
            continue
        channel, address = DeliveryChannel(message.channel), envelopes[message.id].address
        if channel is DeliveryChannel.SMS and not takes_texts(address):
            refusals[message.id] = BAD_ADDRESS
            continue
        try:
            indexes[channel][message.id] = index_of(channel=channel, address=address)
        except DomainError:
            refusals[message.id] = BAD_ADDRESS
    for channel, of_channel in indexes.items():
        suppressed = suppressed_contacts(channel, of_channel.values())
        refusals |= {key: SUPPRESSED for key, index in of_channel.items() if index.current in suppressed}
    return refusals
