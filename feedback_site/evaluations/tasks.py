"""What evaluations do without being asked."""

import structlog
from celery import shared_task

from feedback_site.common.clock import database_now
from feedback_site.common.task_table import MEASURE_CASE_LOG
from feedback_site.evaluations.services import measure_case_log as measure

logger = structlog.get_logger(__name__)


@shared_task(name=MEASURE_CASE_LOG)
def measure_case_log(*, everything: bool = False) -> None:
    """Measure response times and resolution rates from completed events."""
    changed = measure(at=database_now(), everything=everything)
    if changed:
        logger.info("case_log_measured", records=changed)
