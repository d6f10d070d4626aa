import time

import structlog
from celery import shared_task

from feedback_site.common.task_table import DELIVER_MESSAGES
from feedback_site.delivery.services import BATCH, DeliveryCounts, deliver_messages

logger = structlog.get_logger(__name__)

# Short, so that a long queue does not keep the workers from
# deciding and counting; the next tick goes on within seconds.
CLAIMING_SECONDS = 10.0


@shared_task(name=DELIVER_MESSAGES)
def deliver_messages_task(limit: int = BATCH) -> None:
    """Deliver until nothing is due or the time is up; the tick, or the next ring, goes on."""
    stop_at = time.monotonic() + CLAIMING_SECONDS
    total = counts = deliver_messages(limit=limit)
    while counts.claimed and time.monotonic() < stop_at:
        counts = deliver_messages(limit=limit)
        total += counts
    if total != DeliveryCounts():
        logger.info("messages_delivered", **total.as_dict())
