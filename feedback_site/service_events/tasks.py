import structlog
from celery import shared_task

from feedback_site.common.clock import database_now
from feedback_site.service_events.services import prune_webhook_deliveries

logger = structlog.get_logger(__name__)


@shared_task(name="service_events.prune_webhook_deliveries")
def prune_webhook_deliveries_task() -> None:
    """Forget deliveries that nobody can repeat any more."""
    count = prune_webhook_deliveries(at=database_now())
    if count:
        logger.info("webhook_deliveries_pruned", count=count)
