import structlog
from celery import shared_task

from feedback_site.common.clock import database_now
from feedback_site.common.sweeping import sweep
from feedback_site.common.task_table import RUN_EXPORTS
from feedback_site.dashboards.services.exporting import run_exports

logger = structlog.get_logger(__name__)

SWEEPING_SECONDS = 40.0
# One export may read for long; it is the only one that runs, and its heartbeat keeps the lease.
LONGEST_SECONDS = 3600


@shared_task(name=RUN_EXPORTS, soft_time_limit=LONGEST_SECONDS, time_limit=LONGEST_SECONDS + 60)
def run_exports_task() -> None:
    """Run waiting exports one after the other."""
    count = sweep(lambda: run_exports(at=database_now()), seconds=SWEEPING_SECONDS)
    if count:
        logger.info("exports_run", count=count)
