"""Into the outbox."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from feedback_site.common.doorbell import ring
from feedback_site.common.task_table import DELIVER_MESSAGES
from feedback_site.delivery.enums import DeliveryChannel
from feedback_site.delivery.models import Message

FIRST_STEP = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """One message to queue. The four fields from `subject_kind` to `channel` are its idempotency key."""

    subject_kind: str
    subject_id: uuid.UUID
    step: str = FIRST_STEP
    channel: DeliveryChannel
    team_id: int
    due_at: datetime
    deadline_at: datetime | None
    send_until: datetime
    is_local_only: bool = False


def queue_messages(messages: Sequence[NewMessage], *, at: datetime) -> int:
    """Queue those that are not queued yet and return how many that were. A repeat changes nothing."""
    rows = [_row(message, at) for message in messages]
    with transaction.atomic():
        Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
        added = Message.objects.filter(pk__in=[row.pk for row in rows]).count()
        if added:
            ring(DELIVER_MESSAGES)
    return added


def _row(message: NewMessage, at: datetime) -> Message:
    return Message(
        subject_kind=message.subject_kind,
        subject_id=message.subject_id,
        step=message.step,
        channel=message.channel,
        team_id=message.team_id,
        due_at=message.due_at,
        deadline_at=message.deadline_at,
        send_until=message.send_until,
        is_local_only=message.is_local_only,
        queued_at=at,
    )
