"""Leases: no one sends what another person holds, and what a killed worker left behind is taken care of."""

import threading
import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, transaction

from feedback_site.delivery.channels import Result
from feedback_site.delivery.enums import AttemptOutcome, DeliveryChannel, MessageStatus
from feedback_site.delivery.models import Message, MessageAttempt
from feedback_site.delivery.services import DeliveryCounts, deliver_messages, register_builder
from feedback_site.delivery.services.claiming import (
    LEASE,
    claim_messages,
    lease_of,
    mark_begun,
    recover_expired,
)
from feedback_site.delivery.services.recording import Settlement, record_settlements
from feedback_site.demo.sinks import running_sinks
from tests.factories.delivery.fixtures import KIND, letter

SMS, EMAIL = DeliveryChannel.SMS, DeliveryChannel.EMAIL


def sent(message, at):
    return Settlement(
        message=message, status=MessageStatus.SENT, at=at, result=Result(AttemptOutcome.ACCEPTED)
    )


def test_a_claimed_message_is_not_claimed_again_while_its_lease_lasts(queue, noon):
    message = queue()

    (claimed,) = claim_messages(limit=10, at=noon)

    assert claimed == message
    assert (claimed.status, claimed.claimed_until) == (MessageStatus.SENDING, noon + LEASE)
    assert claim_messages(limit=10, at=noon + LEASE) == []


def test_a_claim_takes_no_more_than_its_limit(queue, noon):
    for _ in range(5):
        queue()

    assert [len(claim_messages(limit=2, at=noon)) for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.parametrize(
    ("channel", "was_begun", "status", "attempts"),
    [
        (EMAIL, False, MessageStatus.QUEUED, []),
        (SMS, False, MessageStatus.QUEUED, []),
        (EMAIL, True, MessageStatus.QUEUED, [("uncertain", "lease_expired")]),
        (SMS, True, MessageStatus.UNCERTAIN, [("uncertain", "lease_expired")]),
    ],
)
def test_what_a_killed_worker_left_behind(queue, noon, channel, was_begun, status, attempts):
    message = queue(channel)
    (claimed,) = claim_messages(limit=1, at=noon)
    if was_begun:
        mark_begun(message_ids=[claimed.id], lease_id=claimed.lease_id, at=noon)
    after = noon + LEASE + timedelta(seconds=1)

    recovered = recover_expired(at=after)

    message.refresh_from_db()
    assert recovered == ((0, 1) if status == MessageStatus.UNCERTAIN else (1, 0))
    assert (message.status, message.lease_id, message.claimed_until) == (status, None, None)
    assert list(MessageAttempt.objects.values_list("outcome", "code")) == attempts


def test_a_lease_that_still_lasts_is_left_alone(queue, noon):
    queue(SMS)
    claim_messages(limit=1, at=noon)

    assert recover_expired(at=noon + LEASE) == (0, 0)
    assert Message.objects.get().status == MessageStatus.SENDING


def test_an_email_whose_worker_was_killed_is_sent_by_the_next_one(queue, noon, clock, mailoutbox):
    queue()
    claim_messages(limit=1, at=noon)

    clock.move(seconds=61)

    assert deliver_messages(clock=clock) == DeliveryCounts(claimed=1, sent=1, retried=1)
    assert len(mailoutbox) == 1


def test_a_worker_that_lost_its_lease_records_nothing(queue, noon):
    queue()
    (slow,) = claim_messages(limit=1, at=noon)
    later = noon + LEASE + timedelta(seconds=1)
    recover_expired(at=later)
    (fast,) = claim_messages(limit=1, at=later)

    lost = record_settlements([sent(slow, later)])
    won = record_settlements([sent(fast, later)])

    assert (lost, [settlement.message for settlement in won]) == ([], [fast])
    assert list(MessageAttempt.objects.values_list("lease_id", flat=True)) == [lease_of(fast)]


def test_a_worker_that_lost_its_lease_hands_nothing_over(queue, noon):
    for _ in range(2):
        queue()
    slow = claim_messages(limit=2, at=noon)
    Message.objects.filter(pk=slow[0].pk).update(lease_id=uuid.uuid4())

    held = mark_begun(message_ids=[message.id for message in slow], lease_id=lease_of(slow[0]), at=noon)

    assert held == {slow[1].id}


def test_a_lease_lost_while_building_hands_nothing_over(queue, notices, clock, mailoutbox):
    lost, kept = queue(), queue(content=letter(address="bob@customers.example"))

    def build_slowly(messages, at):
        Message.objects.filter(pk=lost.pk).update(lease_id=uuid.uuid4())
        return notices.build(messages, at)

    register_builder(KIND, build_slowly)
    counts = deliver_messages(clock=clock)

    kept.refresh_from_db()
    assert counts == DeliveryCounts(claimed=2, sent=1)
    assert kept.status == MessageStatus.SENT
    assert [mail.to for mail in mailoutbox] == [["bob@customers.example"]]


def test_recording_a_result_twice_writes_it_once(queue, noon):
    queue()
    (message,) = claim_messages(limit=1, at=noon)

    first, second = record_settlements([sent(message, noon)]), record_settlements([sent(message, noon)])

    assert (len(first), len(second)) == (1, 0)
    assert MessageAttempt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_rows_that_another_worker_has_locked_are_passed_over_without_waiting(queue, noon):
    locked, free = queue(), queue()
    is_locked, is_done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Message.objects.select_for_update().get(pk=locked.pk)
            is_locked.set()
            is_done.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    is_locked.wait(10)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            claimed = claim_messages(limit=10, at=noon)
    finally:
        is_done.set()
        holder.join()

    assert claimed == [free]


@pytest.mark.django_db(transaction=True)
def test_workers_that_race_send_everything_once(queue, tmp_path, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    messages = [queue(channel) for channel in (SMS, EMAIL) for _ in range(60)]
    start = threading.Barrier(4, timeout=60)
    totals: list[DeliveryCounts] = []

    def work():
        start.wait()
        total = counts = deliver_messages(limit=7)
        while counts.claimed:
            counts = deliver_messages(limit=7)
            total += counts
        totals.append(total)
        connection.close()

    with running_sinks(outbox=tmp_path) as sinks:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.SMS_GATEWAY_URL = (
            "127.0.0.1",
            sinks.smtp_port,
            sinks.sms_gateway_url,
        )
        Message.objects.update(due_at="2020-01-01T00:00Z", send_until="2100-01-01T00:00Z")
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    arrived = Counter(
        path.stem.partition("-")[2] for folder in ("email", "sms") for path in (tmp_path / folder).iterdir()
    )
    assert arrived == {str(message.id): 1 for message in messages}
    assert sum(total.sent for total in totals) == len(messages)
    assert Counter(total.sent > 0 for total in totals)[True] > 1
    assert (
        MessageAttempt.objects.count()
        == Message.objects.filter(status=MessageStatus.SENT, attempt_count=1).count()
        == len(messages)
    )
