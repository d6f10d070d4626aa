import uuid
from datetime import timedelta

from feedback_site.delivery.enums import DeliveryChannel, MessageStatus
from feedback_site.delivery.models import Message
from feedback_site.delivery.services import NewMessage, queue_messages


def test_queueing_the_same_message_again_returns_the_first_one_unchanged(queue, noon):
    subject_id = uuid.uuid4()
    first = queue(subject_id=subject_id)

    second = queue(subject_id=subject_id, due_at=noon + timedelta(hours=1))

    assert second == first
    assert second.due_at == noon
    assert second.status == MessageStatus.QUEUED


def test_another_step_or_channel_is_another_message(queue):
    subject_id = uuid.uuid4()

    keys = {
        queue(subject_id=subject_id).id,
        queue(DeliveryChannel.SMS, subject_id=subject_id).id,
        queue(subject_id=subject_id, step="remind").id,
    }

    assert len(keys) == 3


def test_queueing_many_counts_only_the_new_ones(queue, organisation, noon):
    known = queue()
    news = [
        NewMessage(
            subject_kind=known.subject_kind,
            subject_id=subject_id,
            channel=DeliveryChannel.EMAIL,
            team_id=organisation.east_1.id,
            due_at=noon,
            deadline_at=None,
            send_until=noon + timedelta(days=1),
        )
        for subject_id in (known.subject_id, uuid.uuid4(), uuid.uuid4())
    ]

    added = queue_messages(news, at=noon)

    assert added == 2
    assert Message.objects.count() == 3
