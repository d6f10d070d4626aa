import json
import time
import uuid
from datetime import timedelta

import pytest

from feedback_site.delivery.enums import (
    AttemptOutcome,
    DeliveryChannel,
    LateCause,
    MessageStatus,
    SuppressionReason,
)
from feedback_site.delivery.models import Message, MessageAttempt
from feedback_site.delivery.services import (
    DeliveryCounts,
    Void,
    deliver_messages,
    delivering,
    register_builder,
    suppress_address,
)
from feedback_site.demo.sinks import running_sinks
from tests.factories.delivery.fixtures import EMAIL, KIND, PHONE, letter, unregister_builder

SMS = DeliveryChannel.SMS
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def sinks(tmp_path, settings):
    with running_sinks(outbox=tmp_path) as sinks:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", sinks.smtp_port
        settings.SMS_GATEWAY_URL = sinks.sms_gateway_url
        yield sinks


@pytest.fixture
def nothing_listens(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 1
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1/"


def attempts_of(message):
    return list(
        MessageAttempt.objects.filter(message=message).order_by("attempted_at").values_list("outcome", "code")
    )


def test_a_due_email_is_sent_once(queue, clock, mailoutbox):
    message = queue()

    first, second = deliver_messages(clock=clock), deliver_messages(clock=clock)

    message.refresh_from_db()
    assert first == DeliveryCounts(claimed=1, sent=1)
    assert second == DeliveryCounts()
    assert [mail.subject for mail in mailoutbox] == ["How was our service?"]
    assert (message.status, message.attempt_count, message.is_late) == (MessageStatus.SENT, 1, False)
    assert message.lease_id is None
    assert attempts_of(message) == [("accepted", "")]


def test_mails_and_texts_of_one_batch_reach_the_outside_world(queue, clock, sinks):
    messages = [queue(), queue(SMS), queue(), queue(SMS)]

    counts = deliver_messages(clock=clock)

    texts = [json.loads(path.read_bytes())["id"] for path in (sinks.outbox / "sms").iterdir()]
    mails = [path.stem.partition("-")[2] for path in (sinks.outbox / "email").iterdir()]
    assert counts == DeliveryCounts(claimed=4, sent=4)
    assert sorted(texts) == sorted(str(message.id) for message in messages if message.channel == SMS)
    assert sorted(mails) == sorted(str(message.id) for message in messages if message.channel != SMS)


def test_a_message_that_is_not_due_yet_waits(queue, clock, mailoutbox):
    queue(due_at=clock.at + timedelta(minutes=1))

    assert deliver_messages(clock=clock) == DeliveryCounts()

    clock.move(minutes=1)
    assert deliver_messages(clock=clock).sent == 1
    assert len(mailoutbox) == 1


def test_the_oldest_go_first(queue, clock, mailoutbox, notices):
    for minutes in (3, 1, 2):
        queue(content=letter(address=f"{minutes}@x.example"), due_at=clock.at - timedelta(minutes=minutes))

    deliver_messages(limit=2, clock=clock)

    assert [mail.to for mail in mailoutbox] == [["3@x.example"], ["2@x.example"]]


def test_a_void_message_is_never_handed_over(queue, clock, mailoutbox):
    message = queue(content=Void("answered"))

    counts = deliver_messages(clock=clock)

    message.refresh_from_db()
    assert counts == DeliveryCounts(claimed=1, voided=1)
    assert (message.status, message.end_reason, message.attempt_count) == (
        MessageStatus.VOIDED,
        "answered",
        0,
    )
    assert mailoutbox == []


def test_replayed_history_is_on_record_as_sent_and_nothing_leaves_the_machine(queue, clock, sinks):
    long_ago = clock.at - timedelta(days=900)
    times = {"due_at": long_ago, "deadline_at": long_ago, "send_until": long_ago}
    messages = [queue(is_local_only=True, **times), queue(SMS, is_local_only=True, **times)]

    counts = deliver_messages(clock=clock)

    assert counts == DeliveryCounts(claimed=2, sent=2)
    assert list((sinks.outbox / "email").iterdir()) == list((sinks.outbox / "sms").iterdir()) == []
    for message in messages:
        message.refresh_from_db()
        assert attempts_of(message) == [("accepted", "local")]
        assert (message.status, message.attempt_count, message.is_late) == (MessageStatus.SENT, 1, False)


def test_replayed_history_obeys_suppression_and_falls_back_locally(queue, clock, sinks):
    suppress_address(channel=SMS, address=PHONE, reason=SuppressionReason.BLOCKED, at=clock.at)
    message = queue(SMS, content=letter(address=PHONE, fallback=DeliveryChannel.EMAIL), is_local_only=True)

    deliver_messages(clock=clock)

    other = Message.objects.get(subject_id=message.subject_id, channel=DeliveryChannel.EMAIL)
    assert other.is_local_only


# When it left, when it was queued, how often it had failed, what it is called.
@pytest.mark.parametrize(
    ("queued_minutes", "failures", "sent_minutes", "cause"),
    [
        (0, 0, 9, ""),
        (0, 0, 11, LateCause.BACKLOG),
        (0, 1, 11, LateCause.RETRIED),
        (11, 0, 12, LateCause.RECORDED_LATE),
    ],
)
def test_a_message_after_its_deadline_is_sent_and_called_late(
    queue, clock, mailoutbox, settings, queued_minutes, failures, sent_minutes, cause
):
    start = clock.at
    message = queue(at=start + timedelta(minutes=queued_minutes))
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", 1
    for _ in range(failures):
        assert deliver_messages(clock=clock).retried == 1
    settings.EMAIL_BACKEND = works

    clock.at = start + timedelta(minutes=sent_minutes)
    counts = deliver_messages(clock=clock)

    message.refresh_from_db()
    assert (message.status, message.late_cause, message.is_late) == (MessageStatus.SENT, cause, bool(cause))
    assert counts == DeliveryCounts(claimed=1, sent=1, late=int(bool(cause)))


@pytest.mark.parametrize("channel", DeliveryChannel)
def test_a_temporary_failure_is_tried_again_after_growing_pauses(queue, clock, nothing_listens, channel):
    message = queue(channel)
    pauses = []

    for _ in range(4):
        assert deliver_messages(clock=clock) == DeliveryCounts(claimed=1, retried=1)
        message.refresh_from_db()
        pauses.append((message.due_at - clock.at).total_seconds())
        clock.at = message.due_at

    bounds = [(5, 6.1), (15, 18.1), (60, 72.1), (300, 360.1)]
    assert all(low <= pause <= high for pause, (low, high) in zip(pauses, bounds, strict=True)), pauses
    assert (message.status, message.attempt_count) == (MessageStatus.QUEUED, 4)
    assert attempts_of(message) == [("temporary", "connect_ConnectionRefusedError")] * 4


def test_a_message_that_never_left_is_missed_at_the_end_of_its_time(queue, clock, nothing_listens):
    message = queue(send_until=clock.at + timedelta(minutes=1))
    deliver_messages(clock=clock)

    clock.move(minutes=1, seconds=1)
    counts = deliver_messages(clock=clock)

    message.refresh_from_db()
    assert counts == DeliveryCounts(claimed=1, missed=1)
    assert (message.status, message.end_reason, message.sent_at) == (
        MessageStatus.MISSED,
        "send_until_passed",
        None,
    )


def test_a_retry_never_waits_beyond_the_end_of_its_time(queue, clock, nothing_listens):
    message = queue(send_until=clock.at + timedelta(seconds=3))

    deliver_messages(clock=clock)

    message.refresh_from_db()
    assert message.due_at == message.send_until


def test_an_email_that_may_have_arrived_ends_as_uncertain_not_as_missed(queue, clock):
    message = queue(send_until=clock.at + timedelta(minutes=1))
    MessageAttempt.objects.create(
        message=message, lease_id=uuid.uuid4(), attempted_at=clock.at, outcome=AttemptOutcome.UNCERTAIN
    )

    clock.move(minutes=2)

    assert deliver_messages(clock=clock) == DeliveryCounts(claimed=1, uncertain=1)
    message.refresh_from_db()
    assert message.status == MessageStatus.UNCERTAIN


def test_a_permanent_failure_sends_by_the_other_channel(queue, clock, settings, mailoutbox, notices):
    settings.SMS_GATEWAY_URL = ""
    message = queue(SMS, content=letter(address=PHONE, fallback=DeliveryChannel.EMAIL))
    first = deliver_messages(clock=clock)
    notices.letters.clear()
    clock.move(seconds=1)

    second = deliver_messages(clock=clock)

    message.refresh_from_db()
    other = Message.objects.get(subject_id=message.subject_id, channel=DeliveryChannel.EMAIL)
    assert (first, second) == (DeliveryCounts(claimed=1, failed=1), DeliveryCounts(claimed=1, sent=1))
    assert (message.status, message.end_reason) == (MessageStatus.FAILED, "no_gateway")
    assert (other.step, other.deadline_at, other.send_until) == (
        message.step,
        message.deadline_at,
        message.send_until,
    )
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]


def test_channels_that_fall_back_on_each_other_end(queue, clock, settings, notices):
    settings.SMS_GATEWAY_URL = ""
    message = queue(SMS, content=letter(address="no-address", fallback=DeliveryChannel.EMAIL))
    deliver_messages(clock=clock)
    notices.letters[message.subject_id] = letter(address="no-address", fallback=SMS)

    counts = [deliver_messages(clock=clock), deliver_messages(clock=clock)]

    assert counts == [DeliveryCounts(claimed=1, failed=1), DeliveryCounts()]
    assert set(Message.objects.values_list("status", "end_reason")) == {("failed", "bad_address")}


def test_a_text_to_a_land_line_leaves_as_an_email(queue, clock, notices, mailoutbox):
    message = queue(SMS, content=letter(address="+861088880117", fallback=DeliveryChannel.EMAIL))
    deliver_messages(clock=clock)
    notices.letters[message.subject_id] = letter(address=EMAIL)

    deliver_messages(clock=clock)

    message.refresh_from_db()
    assert (message.status, message.end_reason) == (MessageStatus.FAILED, "bad_address")
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]


def test_a_suppressed_address_is_not_written_to(queue, clock, mailoutbox):
    suppress_address(
        channel=DeliveryChannel.EMAIL, address=EMAIL.upper(), reason=SuppressionReason.BOUNCED, at=clock.at
    )
    suppressed, free = queue(), queue(content=letter(address="bob@customers.example"))

    counts = deliver_messages(clock=clock)

    suppressed.refresh_from_db()
    free.refresh_from_db()
    assert counts == DeliveryCounts(claimed=2, sent=1, suppressed=1)
    assert (suppressed.status, suppressed.end_reason, suppressed.attempt_count) == (
        MessageStatus.SUPPRESSED,
        "suppressed",
        0,
    )
    assert [mail.to for mail in mailoutbox] == [["bob@customers.example"]]


def test_one_message_that_cannot_be_built_does_not_hold_up_the_others(queue, clock, mailoutbox, notices):
    broken, whole = queue(), queue()

    def build(messages, at):
        if any(message.id == broken.id for message in messages):
            raise ValueError(EMAIL)
        return notices.build(messages, at)

    register_builder(KIND, build)
    counts = deliver_messages(clock=clock)

    broken.refresh_from_db()
    whole.refresh_from_db()
    assert counts == DeliveryCounts(claimed=2, sent=1, retried=1)
    assert whole.status == MessageStatus.SENT
    assert (broken.status, broken.attempt_count, broken.due_at) == (
        MessageStatus.QUEUED,
        0,
        clock.at + timedelta(minutes=1),
    )


def test_messages_of_an_app_that_is_not_there_wait(queue, clock, mailoutbox):
    queue()
    unregister_builder(KIND)

    assert deliver_messages(clock=clock) == DeliveryCounts(claimed=1, retried=1)
    assert mailoutbox == []


def test_a_batch_that_runs_out_of_time_gives_the_rest_back_untouched(queue, clock, mailoutbox, monkeypatch):
    messages = [queue() for _ in range(3)]
    monkeypatch.setattr(delivering, "BATCH_SECONDS", 0.0)

    counts = deliver_messages(clock=clock)

    assert counts == DeliveryCounts(claimed=3)
    assert mailoutbox == []
    for message in messages:
        message.refresh_from_db()
        assert (message.status, message.attempt_count, message.due_at) == (MessageStatus.QUEUED, 0, clock.at)


def test_a_slow_gateway_costs_its_own_chunk_only(queue, clock, sinks, monkeypatch):
    for _ in range(3):
        queue(SMS)
    monkeypatch.setattr(delivering, "BATCH_SECONDS", 0.5)
    keep = sinks.sms.keep

    def keep_slowly(text):
        time.sleep(0.6)
        return keep(text)

    monkeypatch.setattr(sinks.sms, "keep", keep_slowly)
    counts = deliver_messages(clock=clock)

    assert counts == DeliveryCounts(claimed=3, sent=1)
    assert sorted(Message.objects.values_list("status", "attempt_count")) == [
        ("queued", 0),
        ("queued", 0),
        ("sent", 1),
    ]


def test_nothing_personal_is_stored_or_logged(queue, clock, settings, nothing_listens, capsys, caplog):
    queue()
    queue(SMS)
    queue(content=letter(address="no address"))
    deliver_messages(clock=clock)

    stored = str([*Message.objects.values(), *MessageAttempt.objects.values()])
    output = capsys.readouterr()
    for secret in (EMAIL, PHONE, PHONE[3:], "SecretTokenOfAnn", "no address", "How was our service"):
        assert secret not in stored
        assert secret not in output.out + output.err + caplog.text
