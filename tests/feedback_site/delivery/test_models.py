"""Every constraint of the outbox, violated once."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from feedback_site.delivery.enums import (
    AttemptOutcome,
    DeliveryChannel,
    LateCause,
    MessageStatus,
    SuppressionReason,
)
from feedback_site.delivery.models import Message, MessageAttempt, Suppression


def violates(name):
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"status": "elsewhere"}, "message_has_a_known_status"),
        ({"channel": "pigeon"}, "message_has_a_known_channel"),
        ({"is_late": True, "late_cause": "weather"}, "message_has_a_known_late_cause"),
        ({"status": MessageStatus.SENT}, "message_sent_knows_when"),
        ({"sent_at": "2026-11-20T04:00Z"}, "message_sent_knows_when"),
        ({"status": MessageStatus.SENDING}, "message_is_leased_while_sending"),
        ({"status": MessageStatus.SENDING, "lease_id": uuid.uuid4()}, "message_is_leased_while_sending"),
        ({"lease_id": uuid.uuid4()}, "message_is_leased_while_sending"),
        ({"claimed_until": "2026-11-20T04:00Z"}, "message_is_leased_while_sending"),
        ({"is_late": True}, "message_late_states_its_cause"),
        ({"late_cause": LateCause.BACKLOG}, "message_late_states_its_cause"),
    ],
)
def test_a_message_cannot_contradict_itself(queue, changes, constraint):
    message = queue()

    with violates(constraint), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**changes)


def test_a_step_is_sent_once_per_channel(queue):
    message = queue()
    message.pk = uuid.uuid4()

    with violates("message_is_sent_once_per_step_and_channel"), transaction.atomic():
        message.save(force_insert=True)


@pytest.fixture
def attempt(queue, noon):
    return MessageAttempt.objects.create(
        message=queue(), lease_id=uuid.uuid4(), attempted_at=noon, outcome=AttemptOutcome.TEMPORARY
    )


def test_a_lease_records_one_attempt(attempt, noon):
    with violates("messageattempt_is_recorded_once_per_lease"), transaction.atomic():
        MessageAttempt.objects.create(
            message=attempt.message,
            lease_id=attempt.lease_id,
            attempted_at=noon,
            outcome=AttemptOutcome.ACCEPTED,
        )


def test_an_attempt_has_a_known_outcome(queue, noon):
    with violates("messageattempt_has_a_known_outcome"), transaction.atomic():
        MessageAttempt.objects.create(
            message=queue(), lease_id=uuid.uuid4(), attempted_at=noon, outcome="perhaps"
        )


def test_attempts_are_only_added(attempt):
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        MessageAttempt.objects.filter(pk=attempt.pk).update(outcome=AttemptOutcome.ACCEPTED)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        MessageAttempt.objects.filter(pk=attempt.pk).delete()


@pytest.fixture
def suppression(db, noon):
    return Suppression.objects.create(
        channel=DeliveryChannel.SMS,
        address_index=b"1" * 32,
        address_mask="138****5678",
        reason=SuppressionReason.BOUNCED,
        suppressed_at=noon,
    )


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"channel": "pigeon"}, "suppression_has_a_known_channel"),
        ({"reason": "mood"}, "suppression_has_a_known_reason"),
    ],
)
def test_a_suppression_has_a_known_channel_and_reason(suppression, changes, constraint):
    with violates(constraint), transaction.atomic():
        Suppression.objects.filter(pk=suppression.pk).update(**changes)


def test_an_address_is_suppressed_once_per_channel(suppression, noon):
    suppression.pk = None

    with violates("suppression_is_stated_once_per_address"), transaction.atomic():
        suppression.save(force_insert=True)


def test_only_messages_that_are_due_or_left_behind_may_be_claimed(queue, noon):
    due, later = queue(), queue(due_at=noon + timedelta(seconds=1))
    left_behind, held = queue(), queue()
    for message, until in ((left_behind, noon - timedelta(seconds=1)), (held, noon + timedelta(seconds=1))):
        Message.objects.filter(pk=message.pk).update(
            status=MessageStatus.SENDING, lease_id=uuid.uuid4(), claimed_until=until
        )

    assert set(Message.objects.due(at=noon)) == {due, left_behind}
    assert later not in Message.objects.due(at=noon)
