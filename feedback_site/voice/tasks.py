"""What the voice does without being asked."""

import structlog
from celery import shared_task

from feedback_site.common.clock import database_now
from feedback_site.common.task_table import FOLLOW_COMPLAINTS
from feedback_site.voice.services import follow_events

logger = structlog.get_logger(__name__)


@shared_task(name=FOLLOW_COMPLAINTS)
def follow_events_task() -> None:
    """Reopen complaints whose case was reopened, and let them follow their case to another team."""
    count = follow_events(at=database_now())
    if count:
        logger.info("voice_events_followed", count=count)
