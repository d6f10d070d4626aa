"""From the outbox to the gateways: claim, build, hand over, record."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import datetime, timedelta

from feedback_site.common.clock import database_now
from feedback_site.delivery.channels import Envelope, Gateway, Handover, Result, open_gateway
from feedback_site.delivery.enums import AttemptOutcome, DeliveryChannel, MessageStatus
from feedback_site.delivery.models import Message
from feedback_site.delivery.rules import late_cause, retry_pause, status_after
from feedback_site.delivery.services.building import obstacles_now
from feedback_site.delivery.services.claiming import claim_messages, lease_of, mark_begun, recover_expired
from feedback_site.delivery.services.recording import Settlement, record_settlements
from feedback_site.delivery.services.screening import screen

Clock = Callable[[], datetime]
Ready = Sequence[tuple[Message, Envelope]]

BATCH = 200
# What a killed worker can leave behind with an unknown outcome.
CHUNK = 50
# No handover starts later than this after its batch was claimed:
# with one more slow answer it is still well within the lease.
BATCH_SECONDS = 15.0
LOCAL = Result(AttemptOutcome.ACCEPTED, "local")


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """What one round did, in messages.

    `retried` are queued again after a failure; `late` are among `sent`.
    """

    claimed: int = 0
    sent: int = 0
    late: int = 0
    retried: int = 0
    failed: int = 0
    suppressed: int = 0
    voided: int = 0
    missed: int = 0
    uncertain: int = 0

    def __add__(self, other: "DeliveryCounts") -> "DeliveryCounts":
        return DeliveryCounts(
            *(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True))
        )

    def as_dict(self) -> dict[str, int]:
        """Return the counts by name, for a log line."""
        return asdict(self)


def deliver_messages(*, limit: int = BATCH, clock: Clock = database_now) -> DeliveryCounts:
    """Claim up to `limit` due messages, hand them over outside any transaction and record what came of it.

    Safe to run in any number of processes at once. A round that
    claimed nothing found nothing due. `clock` is read once per step.
    """
    at = clock()
    give_up_at = time.monotonic() + BATCH_SECONDS
    requeued, lost = recover_expired(at=at)
    messages = claim_messages(limit=limit, at=at)
    screened = screen(messages, at=at)
    local = [message for message, _envelope in screened.ready if message.is_local_only]
    leaving = [pair for pair in screened.ready if not pair[0].is_local_only]
    written = record_settlements([*screened.settlements, *(_local(message, at) for message in local)])
    for channel in DeliveryChannel:
        ready = [pair for pair in leaving if pair[0].channel == channel]
        written += _send(channel, ready, give_up_at=give_up_at, clock=clock)
    counts = DeliveryCounts(claimed=len(messages), retried=requeued, uncertain=lost)
    return counts + _count(written)


def _send(channel: DeliveryChannel, ready: Ready, *, give_up_at: float, clock: Clock) -> list[Settlement]:
    written: list[Settlement] = []
    if not ready:
        return written
    with open_gateway(channel) as gateway:
        for start in range(0, len(ready), CHUNK):
            chunk = ready[start : start + CHUNK]
            written += record_settlements(list(_hand_over(gateway, chunk, give_up_at=give_up_at, at=clock())))
    return written


def _hand_over(gateway: Gateway, chunk: Ready, *, give_up_at: float, at: datetime) -> Iterator[Settlement]:
    """Hand over one chunk, in its order, as long as there is time.

    The rest goes back to the queue as it was.
    """
    started = time.monotonic()
    if started >= give_up_at:
        yield from (_postponed(message, at, is_marked=False) for message, _envelope in chunk)
        return
    held = mark_begun(
        message_ids=[message.id for message, _envelope in chunk], lease_id=lease_of(chunk[0][0]), at=at
    )
    obstacles = obstacles_now([message for message, _envelope in chunk if message.id in held], at=at)
    for message, envelope in chunk:
        if message.id not in held:
            continue
        if message.id in obstacles:
            yield _stopped(message, at, obstacles[message.id])
            continue
        if time.monotonic() >= give_up_at:
            yield _postponed(message, at, is_marked=True)
            continue
        result = gateway.send(Handover(message.id, envelope))
        yield _settle(message, envelope, result, at=at + timedelta(seconds=time.monotonic() - started))


def _settle(message: Message, envelope: Envelope, result: Result, *, at: datetime) -> Settlement:
    attempts = message.attempt_count + 1
    status = status_after(outcome=result.outcome, channel=DeliveryChannel(message.channel))
    if status is MessageStatus.SENT:
        cause = late_cause(
            sent_at=at, queued_at=message.queued_at, deadline_at=message.deadline_at, attempts=attempts
        )
        return Settlement(message=message, status=status, at=at, result=result, late_cause=cause)
    if status is MessageStatus.QUEUED:
        # At `send_until` at the latest it comes up again, to be ended.
        due_at = min(at + retry_pause(attempts=attempts), max(message.send_until, at))
        return Settlement(message=message, status=status, at=at, result=result, due_at=due_at)
    fallback = envelope.fallback if status is MessageStatus.FAILED else None
    return Settlement(
        message=message, status=status, at=at, result=result, end_reason=result.code[:40], fallback=fallback
    )


def _local(message: Message, at: datetime) -> Settlement:
    """Replayed history: on record as sent, handed to no gateway, outside the question of lateness."""
    return Settlement(message=message, status=MessageStatus.SENT, at=at, result=LOCAL, attempts_added=1)


def _stopped(message: Message, at: datetime, reason: str) -> Settlement:
    """Marked as begun, but nothing has left."""
    return Settlement(
        message=message, status=MessageStatus.VOIDED, at=at, end_reason=reason[:40], attempts_added=-1
    )


def _postponed(message: Message, at: datetime, *, is_marked: bool) -> Settlement:
    return Settlement(
        message=message, status=MessageStatus.QUEUED, at=at, attempts_added=-1 if is_marked else 0
    )


def _count(written: Sequence[Settlement]) -> DeliveryCounts:
    def of(status: MessageStatus) -> int:
        return sum(settlement.status is status for settlement in written)

    return DeliveryCounts(
        sent=of(MessageStatus.SENT),
        late=sum(settlement.late_cause is not None for settlement in written),
        retried=sum(
            settlement.status is MessageStatus.QUEUED and settlement.due_at is not None
            for settlement in written
        ),
        failed=of(MessageStatus.FAILED),
        suppressed=of(MessageStatus.SUPPRESSED),
        voided=of(MessageStatus.VOIDED),
        missed=of(MessageStatus.MISSED),
        uncertain=of(MessageStatus.UNCERTAIN),
    )
