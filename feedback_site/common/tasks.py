"""What is forgotten in time."""

import structlog
from celery import shared_task

from feedback_site.common.clock import database_now
from feedback_site.common.public_forms import forget_old_counts
from feedback_site.common.task_table import FORGET_OLD_COUNTS

logger = structlog.get_logger(__name__)


@shared_task(name=FORGET_OLD_COUNTS)
def forget_old_counts_task() -> None:
    """Delete counts of public forms whose window is over."""
    count = forget_old_counts(at=database_now())
    if count:
        logger.info("rate_counts_forgotten", count=count)
