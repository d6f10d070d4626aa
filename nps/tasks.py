"""The sweeps of campaigns.

Running works until nothing is left or its time is up; the tick, or the next ring, goes on.
"""

import structlog
from celery import shared_task

from feedback_site.common.clock import database_now
from feedback_site.common.sweeping import sweep
from feedback_site.common.task_table import PREPARE_CAMPAIGNS, RUN_CAMPAIGNS
from nps.services.preparing import prepare_campaigns
from nps.services.running import run_campaigns

logger = structlog.get_logger(__name__)

# With the longest step after it, this stays below the soft time limit.
SWEEPING_SECONDS = 30.0


@shared_task(name=PREPARE_CAMPAIGNS)
def prepare_campaigns_task() -> None:
    """Prepare the present quarter's campaigns."""
    prepared = prepare_campaigns(at=database_now())
    if prepared:
        logger.info("campaigns_prepared", count=prepared)


@shared_task(name=RUN_CAMPAIGNS)
def run_campaigns_task() -> None:
    """Draw, invite, close, follow up and measure."""
    count = sweep(lambda: run_campaigns(at=database_now()), seconds=SWEEPING_SECONDS)
    if count:
        logger.info("campaigns_run", count=count)
