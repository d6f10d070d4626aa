from celery import current_app
from django.utils import timezone

from feedback_site.common.task_table import DELIVER_MESSAGES
from feedback_site.delivery.models import Message
from feedback_site.delivery.services.delivering import BATCH
from feedback_site.delivery.tasks import deliver_messages_task


def test_the_task_goes_on_until_nothing_is_due(queue, mailoutbox):
    for _ in range(3):
        queue()
    Message.objects.update(due_at=timezone.now(), send_until=timezone.now() + timezone.timedelta(days=1))

    deliver_messages_task(limit=1)

    assert BATCH > 1
    assert len(mailoutbox) == 3


def test_the_bell_rings_for_the_task_that_exists(db):
    assert deliver_messages_task.name == DELIVER_MESSAGES
    assert DELIVER_MESSAGES in {entry["task"] for entry in current_app.conf.beat_schedule.values()}
