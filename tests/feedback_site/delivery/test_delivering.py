from datetime import timedelta

from feedback_site.delivery.enums import MessageStatus
from feedback_site.delivery.services import DeliveryCounts, Void, deliver_messages


def test_a_due_email_is_sent_once(queue, clock, mailoutbox):
    message = queue()

    first, second = deliver_messages(clock=clock), deliver_messages(clock=clock)

    message.refresh_from_db()
    assert first == DeliveryCounts(claimed=1, sent=1)
    assert second == DeliveryCounts()
    assert [mail.subject for mail in mailoutbox] == ["How was our service?"]
    assert message.status == MessageStatus.SENT
    assert message.attempt_count == 1
    assert not message.is_late


def test_a_message_that_is_not_due_yet_waits(queue, clock, mailoutbox):
    queue(due_at=clock.at + timedelta(minutes=1))

    assert deliver_messages(clock=clock) == DeliveryCounts()

    clock.move(minutes=1)
    assert deliver_messages(clock=clock).sent == 1
    assert len(mailoutbox) == 1


def test_a_void_message_is_never_handed_over(queue, clock, mailoutbox):
    message = queue(content=Void("answered"))

    counts = deliver_messages(clock=clock)

    message.refresh_from_db()
    assert counts == DeliveryCounts(claimed=1, voided=1)
    assert (message.status, message.end_reason, message.attempt_count) == (MessageStatus.VOIDED, "answered", 0)
    assert mailoutbox == []
