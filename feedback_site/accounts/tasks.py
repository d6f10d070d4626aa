import structlog
from celery import shared_task

from feedback_site.accounts.services import anchor_access_log, forget_ended_sign_ins
from feedback_site.common.clock import database_now
from feedback_site.common.task_table import ANCHOR_ACCESS_LOG, FORGET_ENDED_SIGN_INS

logger = structlog.get_logger(__name__)


@shared_task(name=FORGET_ENDED_SIGN_INS)
def forget_ended_sign_ins_task() -> None:
    """Delete sessions that are over and wrong passwords that no longer count."""
    count = forget_ended_sign_ins(at=database_now())
    if count:
        logger.info("ended_sign_ins_forgotten", count=count)


@shared_task(name=ANCHOR_ACCESS_LOG)
def anchor_access_log_task() -> None:
    """Write the count and the head of the access log outside the database."""
    anchor_access_log(at=database_now())
