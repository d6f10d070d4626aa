import time

import structlog
from celery import shared_task

from feedback_site.common.clock import database_now
from feedback_site.common.task_table import PRUNE_WEBHOOK_DELIVERIES, RUN_IMPORTS
from feedback_site.service_events.services import prune_webhook_deliveries
from feedback_site.service_events.services.importing import run_imports

logger = structlog.get_logger(__name__)

SWEEPING_SECONDS = 30.0


@shared_task(name=PRUNE_WEBHOOK_DELIVERIES)
def prune_webhook_deliveries_task() -> None:
    """Forget deliveries that no one can repeat any more."""
    count = prune_webhook_deliveries(at=database_now())
    if count:
        logger.info("webhook_deliveries_pruned", count=count)


@shared_task(name=RUN_IMPORTS, soft_time_limit=300, time_limit=330)
def run_imports_task() -> None:
    """Read uploaded files for a while; what is left goes on with the next ring or tick."""
    stop_at = time.monotonic() + SWEEPING_SECONDS
    total = done = run_imports(clock=database_now)
    while done and time.monotonic() < stop_at:
        done = run_imports(clock=database_now)
        total += done
    if total:
        logger.info("imports_run", count=total)
