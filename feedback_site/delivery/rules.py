"""When to try again, what lateness is called, and what an outcome makes of a message. Pure functions."""

import random
from datetime import datetime, timedelta

from feedback_site.delivery.enums import (
    AT_MOST_ONCE,
    AttemptOutcome,
    DeliveryChannel,
    LateCause,
    MessageStatus,
)

# The last pause repeats until the message's `send_until`.
RETRY_PAUSES = [timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 3600)]
# Up to a fifth longer, so that messages that failed together do not come back together.
JITTER = 0.2


def retry_pause(*, attempts: int) -> timedelta:
    """Return how long to wait after `attempts` tries (>= 1)."""
    pause = RETRY_PAUSES[min(attempts, len(RETRY_PAUSES)) - 1]
    return pause * (1 + random.uniform(0, JITTER))  # noqa: S311 - spreads load, guards nothing


def late_cause(
    *, sent_at: datetime, queued_at: datetime, deadline_at: datetime | None, attempts: int
) -> LateCause | None:
    """Return why a message was late; None when it was in time or has no deadline.

    `sent_at` is when it left, `attempts` the number of the attempt that sent it.
    """
    if deadline_at is None or sent_at <= deadline_at:
        return None
    if queued_at > deadline_at:
        return LateCause.RECORDED_LATE
    return LateCause.RETRIED if attempts > 1 else LateCause.BACKLOG


def status_after(*, outcome: AttemptOutcome, channel: DeliveryChannel) -> MessageStatus:
    """Return the status that an attempt leads to; `queued` means that it is tried again."""
    if outcome is AttemptOutcome.ACCEPTED:
        return MessageStatus.SENT
    if outcome is AttemptOutcome.PERMANENT:
        return MessageStatus.FAILED
    if outcome is AttemptOutcome.UNCERTAIN and channel in AT_MOST_ONCE:
        return MessageStatus.UNCERTAIN
    return MessageStatus.QUEUED
