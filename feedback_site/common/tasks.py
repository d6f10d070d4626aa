"""What is forgotten in time."""

import structlog
from celery import shared_task

from feedback_site.common.clock import database_now
from feedback_site.common.public_forms import forget_old_counts

logger = structlog.get_logger(__name__)


@shared_task(name="common.forget_old_counts")
def forget_old_counts_task() -> None:
    """Delete counts of public forms whose window is over."""
    count = forget_old_counts(at=database_now())
    if count:
        logger.info("rate_counts_forgotten", count=count)
