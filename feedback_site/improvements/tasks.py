"""What improvement does without being asked."""

import structlog
from celery import shared_task

from feedback_site.common.clock import database_now
from feedback_site.common.task_table import REVIEW_IMPROVEMENTS
from feedback_site.improvements.services import check_proofs, open_problems_of_weak_indicators

logger = structlog.get_logger(__name__)


@shared_task(name=REVIEW_IMPROVEMENTS)
def review() -> None:
    """Open problems of weak indicators and look for the proof of finished actions."""
    at = database_now()
    opened, judged = open_problems_of_weak_indicators(at=at), check_proofs(at=at)
    if opened or judged:
        logger.info("improvements_reviewed", opened=opened, judged=judged)
