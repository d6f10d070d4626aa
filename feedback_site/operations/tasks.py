"""The worker's sign of life."""

from celery import shared_task

from feedback_site.common.clock import database_now
from feedback_site.common.task_table import NOTE_HEARTBEAT
from feedback_site.operations.heartbeat import keep_heartbeat


@shared_task(name=NOTE_HEARTBEAT)
def note_heartbeat() -> None:
    """Note that a worker is alive and reaches the database."""
    keep_heartbeat(at=database_now())
