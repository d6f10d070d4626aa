import structlog
from celery import shared_task

from feedback_site.common.clock import database_now
from feedback_site.common.sweeping import sweep
from feedback_site.common.task_table import LOAD_PUBLISHED_DAYS, PRUNE_WEBHOOK_DELIVERIES, RUN_IMPORTS
from feedback_site.service_events.services import prune_webhook_deliveries
from feedback_site.service_events.services.importing import run_imports
from feedback_site.service_events.services.working_time import load_published_days

logger = structlog.get_logger(__name__)

SWEEPING_SECONDS = 30.0


@shared_task(name=PRUNE_WEBHOOK_DELIVERIES)
def prune_webhook_deliveries_task() -> None:
    """Forget deliveries that can no longer be repeated."""
    count = prune_webhook_deliveries(at=database_now())
    if count:
        logger.info("webhook_deliveries_pruned", count=count)


@shared_task(name=RUN_IMPORTS, soft_time_limit=300, time_limit=330)
def run_imports_task() -> None:
    """Read uploaded files for a while; what is left goes on with the next ring or tick."""
    count = sweep(lambda: run_imports(clock=database_now), seconds=SWEEPING_SECONDS)
    if count:
        logger.info("imports_run", count=count)


@shared_task(name=LOAD_PUBLISHED_DAYS)
def load_published_days_task() -> None:
    """Bring newly published holidays, which come with a new version of their package, into the calendar."""
    changed = load_published_days()
    if changed:
        logger.info("published_days_loaded", days=changed)
