"""The sweeps of return visits. What one run leaves, the tick or the next ring finds."""

import structlog
from celery import shared_task

from feedback_site.common.clock import database_now
from feedback_site.common.sweeping import sweep
from feedback_site.common.task_table import MEASURE_VISITS, PLAN_VISITS
from visits.services.assigning import assign_visits
from visits.services.measuring import measure_verified_resolution
from visits.services.planning import plan_visits
from visits.services.withdrawing import withdraw_visits

logger = structlog.get_logger(__name__)

# With the longest batch after it, this stays below the soft time limit.
PLANNING_SECONDS = 40.0


@shared_task(name=PLAN_VISITS)
def plan_visits_task(everything: bool = False) -> None:  # noqa: FBT001, FBT002 - Celery passes it by keyword
    """Plan, withdraw and assign visits; `everything` also looks behind the window."""
    planned = sweep(lambda: plan_visits(at=database_now(), everything=everything), seconds=PLANNING_SECONDS)
    withdrawn = withdraw_visits(at=database_now())
    assigned = assign_visits(at=database_now())
    if planned or withdrawn or assigned:
        logger.info("visits_planned", sources=planned, withdrawn=withdrawn, assigned=assigned)


@shared_task(name=MEASURE_VISITS)
def measure_task(everything: bool = False) -> None:  # noqa: FBT001, FBT002 - Celery passes it by keyword
    """Measure the verified resolution rate; escalations that ran out of time count."""
    changed = measure_verified_resolution(at=database_now(), everything=everything)
    if changed:
        logger.info("verified_resolution_measured", figures=changed)
