"""What became of claimed messages, written only by the worker that still holds them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import connection, transaction

from feedback_site.common.row_logs import log_rows
from feedback_site.delivery.channels import Result
from feedback_site.delivery.enums import DeliveryChannel, LateCause, MessageStatus
from feedback_site.delivery.models import Message, MessageAttempt
from feedback_site.delivery.services.claiming import lease_of
from feedback_site.delivery.services.queueing import NewMessage, queue_messages

logger = structlog.get_logger(__name__)

_RECORD = """
UPDATE delivery_message AS message
SET status = new.status, end_reason = new.end_reason, due_at = coalesce(new.due_at, message.due_at), sent_at =
  new.sent_at,
    is_late = new.late_cause <> '', late_cause = new.late_cause, attempt_count = message.attempt_count +
      new.attempts_added,
    lease_id = NULL, claimed_until = NULL
FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[],
  %s::int[])
  AS new (id, lease_id, status, end_reason, due_at, sent_at, late_cause, attempts_added)
WHERE message.id = new.id AND message.lease_id = new.lease_id AND message.status = 'sending'
RETURNING message.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What became of one claimed message.

    `result` is set when it was handed over; `fallback` names the channel to try instead.
    """

    message: Message
    status: MessageStatus
    at: datetime
    result: Result | None = None
    end_reason: str = ""
    due_at: datetime | None = None
    late_cause: LateCause | None = None
    fallback: DeliveryChannel | None = None
    # What `mark_begun` has not counted (+1), or has counted although its turn did not come (-1).
    attempts_added: int = 0


@transaction.atomic
def record_settlements(settlements: Sequence[Settlement]) -> list[Settlement]:
    """Write all in one statement and return those written.

    Messages that another worker took meanwhile are left alone.
    """
    if not settlements:
        return []
    written = _update(settlements)
    mine = [settlement for settlement in settlements if settlement.message.id in written]
    MessageAttempt.objects.bulk_create(
        _attempt(settlement, settlement.result) for settlement in mine if settlement.result
    )
    log_rows(logger, "messages_settled", [_log_row(settlement) for settlement in mine])
    for settlement in mine:
        if settlement.fallback and settlement.fallback != settlement.message.channel:
            queue_messages(
                [_on_other_channel(settlement.message, settlement.fallback, settlement.at)], at=settlement.at
            )
    return mine


def _update(settlements: Sequence[Settlement]) -> set[uuid.UUID]:
    rows = [
        (
            settlement.message.id,
            lease_of(settlement.message),
            settlement.status.value,
            settlement.end_reason,
            settlement.due_at,
            settlement.at if settlement.status is MessageStatus.SENT else None,
            settlement.late_cause.value if settlement.late_cause else "",
            settlement.attempts_added,
        )
        for settlement in settlements
    ]
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [list(column) for column in zip(*rows, strict=True)])
        return {message_id for (message_id,) in cursor.fetchall()}


def _log_row(settlement: Settlement) -> dict[str, str]:
    message = settlement.message
    return {
        "message": str(message.id),
        message.subject_kind: str(message.subject_id),
        "status": settlement.status.value,
    }


def _attempt(settlement: Settlement, result: Result) -> MessageAttempt:
    return MessageAttempt(
        message=settlement.message,
        lease_id=lease_of(settlement.message),
        attempted_at=settlement.at,
        outcome=result.outcome,
        code=result.code[:60],
        provider_id=result.provider_id[:120],
    )


def _on_other_channel(message: Message, channel: DeliveryChannel, at: datetime) -> NewMessage:
    return NewMessage(
        subject_kind=message.subject_kind,
        subject_id=message.subject_id,
        step=message.step,
        channel=channel,
        team_id=message.team_id,
        due_at=at,
        deadline_at=message.deadline_at,
        send_until=message.send_until,
        is_local_only=message.is_local_only,
    )
