"""Which worker sends which messages: leases, and what becomes of messages whose lease has run out."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F

from feedback_site.common.ids import uuid7
from feedback_site.delivery.enums import AT_MOST_ONCE, AttemptOutcome, MessageStatus
from feedback_site.delivery.models import Message, MessageAttempt

# Longer than a batch takes (`BATCH_SECONDS` in delivering.py): where a lease ran out its worker is gone.
LEASE = timedelta(seconds=60)
LEASE_EXPIRED = "lease_expired"

# MATERIALIZED: the rows are picked and locked once, whatever plan the join gets.
# SKIP LOCKED: workers take different rows at once instead of waiting for each other's.
_CLAIM = """
WITH picked AS MATERIALIZED (
  SELECT id FROM delivery_message
  WHERE status = 'queued' AND due_at <= %(at)s
  ORDER BY due_at LIMIT %(limit)s
  FOR UPDATE SKIP LOCKED
)
UPDATE delivery_message AS message
SET status = 'sending', lease_id = %(lease_id)s, claimed_until = %(claimed_until)s
FROM picked WHERE message.id = picked.id
RETURNING message.*
"""


def claim_messages(*, limit: int, at: datetime) -> list[Message]:
    """Lease up to `limit` due messages for `LEASE` and return them.

    Rows that another worker holds are passed over.
    """
    parameters = {"at": at, "limit": limit, "lease_id": uuid7(), "claimed_until": at + LEASE}
    return list(Message.objects.raw(_CLAIM, parameters))


def lease_of(message: Message) -> uuid.UUID:
    """Return the lease of a claimed message; a database constraint makes sure that it has one."""
    if message.lease_id is None:
        raise LookupError(str(message.id))
    return message.lease_id


def mark_begun(*, message_ids: Collection[uuid.UUID], lease_id: uuid.UUID, at: datetime) -> set[uuid.UUID]:
    """Note that these are being handed over now, and renew their lease.

    Returns those that are still held by `lease_id`.
    """
    held = Message.objects.filter(pk__in=message_ids, lease_id=lease_id, status=MessageStatus.SENDING)
    if held.update(attempt_count=F("attempt_count") + 1, claimed_until=at + LEASE) == len(message_ids):
        return set(message_ids)
    return set(held.values_list("pk", flat=True))


@transaction.atomic
def recover_expired(*, at: datetime, limit: int = 1000) -> tuple[int, int]:
    """Take back messages whose lease ran out.

    Returns how many are queued again and how many are `uncertain` for good.
    """
    expired = Message.objects.filter(status=MessageStatus.SENDING, claimed_until__lt=at)
    locked = {message.pk: message for message in expired.select_for_update(skip_locked=True)[:limit]}
    if not locked:
        return 0, 0
    recorded = dict(
        MessageAttempt.objects.filter(message__in=locked)
        .values_list("message")
        .annotate(Count("pk"))
        .order_by()
    )
    begun = [message for message in locked.values() if message.attempt_count > recorded.get(message.pk, 0)]
    MessageAttempt.objects.bulk_create(
        MessageAttempt(
            message=message,
            lease_id=lease_of(message),
            attempted_at=at,
            outcome=AttemptOutcome.UNCERTAIN,
            code=LEASE_EXPIRED,
        )
        for message in begun
    )
    lost = [message.pk for message in begun if message.channel in AT_MOST_ONCE]
    free = {"lease_id": None, "claimed_until": None}
    Message.objects.filter(pk__in=lost).update(
        status=MessageStatus.UNCERTAIN, end_reason=LEASE_EXPIRED, **free
    )
    Message.objects.filter(pk__in=locked.keys() - set(lost)).update(
        status=MessageStatus.QUEUED, due_at=at, **free
    )
    return len(locked) - len(lost), len(lost)
