"""Checks, each minute and each night, that everything adds up."""

from datetime import timedelta

import structlog
from celery import shared_task

from feedback_site.common.clock import database_now
from feedback_site.common.task_table import VERIFY_EVERYTHING, VERIFY_RECENT
from feedback_site.conservation.recent import read_touched
from feedback_site.conservation.running import CheckResult, one_snapshot, run_checks
from feedback_site.operations.last_run import note_run

# Longer than any transaction may take, so that what was committed late is seen by a later run.
RECENT = timedelta(minutes=10)
_NIGHT_SECONDS = 3600

logger = structlog.get_logger(__name__)


@shared_task(name=VERIFY_RECENT)
def verify_recent() -> None:
    """Check what was written in the last minutes."""
    with one_snapshot():
        at = database_now()
        results = run_checks(touched=read_touched(since=at - RECENT))
    _report(results, run="recent")
    note_run("recent", at=at, faults=_faults(results))


@shared_task(name=VERIFY_EVERYTHING, soft_time_limit=_NIGHT_SECONDS, time_limit=_NIGHT_SECONDS + 60)
def verify_everything() -> None:
    """Check every row there is."""
    with one_snapshot():
        at = database_now()
        results = run_checks()
    _report(results, run="complete")
    note_run("complete", at=at, faults=_faults(results))


def _faults(results: list[CheckResult]) -> dict[str, int]:
    return {result.check.slug: result.fault_count for result in results}


def _report(results: list[CheckResult], *, run: str) -> None:
    for result in results:
        if not result.is_ok:
            keys = [fault.key for fault in result.faults]
            logger.error(
                "conservation_broken", run=run, check=result.check.slug, count=result.fault_count, keys=keys
            )
    logger.info(
        "conservation_checked",
        run=run,
        checks=len(results),
        broken=sum(not result.is_ok for result in results),
    )
