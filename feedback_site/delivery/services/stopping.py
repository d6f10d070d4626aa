"""Taking messages back, and moving them to another team: asked for by the app that they are about."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import connection, transaction

from feedback_site.delivery.enums import MessageStatus
from feedback_site.delivery.models import Message
from feedback_site.delivery.models.message import UNFINISHED

# A claimed message whose handing over has not begun is taken from its worker.
# After an attempt of unknown outcome there is nothing to take back any more.
_STOP = """
WITH attempts AS MATERIALIZED (
    SELECT message_id, count(*) AS made, bool_or(outcome = 'uncertain') AS may_have_arrived
    FROM delivery_messageattempt WHERE message_id = ANY(%(ids)s) GROUP BY message_id
)
UPDATE delivery_message AS message
SET status = CASE WHEN attempts.may_have_arrived THEN 'uncertain' ELSE 'voided' END, end_reason = %(reason)s,
    lease_id = NULL, claimed_until = NULL
FROM unnest(%(ids)s) AS picked (id) LEFT JOIN attempts ON attempts.message_id = picked.id
WHERE message.id = picked.id
    AND (message.status = 'queued' OR (message.status = 'sending'
      AND message.attempt_count <= coalesce(attempts.made, 0)))
"""
_LEFT = [MessageStatus.SENT, MessageStatus.UNCERTAIN]


@dataclass(frozen=True, slots=True)
class Stopped:
    """Subjects of which a message has left or may have, and those being handed over right now.

    Ask again about the second kind.
    """

    left: set[uuid.UUID] = field(default_factory=set)
    leaving: set[uuid.UUID] = field(default_factory=set)


@transaction.atomic
def stop_messages(*, subject_kind: str, subject_ids: Collection[uuid.UUID], reason: str) -> Stopped:
    """Void what has not begun to leave about these subjects; return those of which a message has.

    Takes three statements.

    Rows are locked first and looked at afterwards: the one who marks a message as begun (`mark_begun`)
    and the one who stops it take turns at its row, and the second sees what the first did.
    """
    messages = Message.objects.filter(subject_kind=subject_kind, subject_id__in=subject_ids)
    unfinished = messages.filter(status__in=UNFINISHED).order_by("pk").select_for_update(no_key=True)
    ids = list(unfinished.values_list("pk", flat=True))
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(_STOP, {"ids": ids, "reason": reason[:40]})
    standing = list(messages.values_list("subject_id", "status"))
    return Stopped(
        left={subject for subject, status in standing if status in _LEFT},
        leaving={subject for subject, status in standing if status in UNFINISHED},
    )


def move_messages(*, subject_kind: str, subject_ids: Collection[uuid.UUID], team_id: int) -> int:
    """Let another team see the messages about these subjects; return how many moved."""
    messages = Message.objects.filter(subject_kind=subject_kind, subject_id__in=subject_ids).exclude(
        team_id=team_id
    )
    return messages.update(team_id=team_id)
