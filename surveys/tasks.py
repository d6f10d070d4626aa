"""The sweeps of surveys.

Each works until nothing is left or its time is up; the tick, or the next ring, goes on.
"""

from collections.abc import Callable

import structlog
from celery import shared_task

from feedback_site.common.clock import database_now
from feedback_site.common.sweeping import sweep
from feedback_site.common.task_table import (
    APPLY_TRANSITIONS,
    CONSUME_TALLIES,
    DECIDE_EVENTS,
    QUEUE_INVITATIONS,
    SETTLE_DRAFTS,
    SWEEP_FILES,
)
from surveys.services.decisions.applying import apply_transitions
from surveys.services.decisions.deciding import decide_events
from surveys.services.drafts.settling import settle_drafts
from surveys.services.files import sweep_files
from surveys.services.invitations.inviting import queue_invitations
from surveys.services.tallies.tallying import consume_tallies

logger = structlog.get_logger(__name__)

# Short, so that a long queue does not keep the workers from
# sending: a customer who is decided on waits for that too.
SWEEPING_SECONDS = 10.0
BATCH, COUNTED = 500, 2000


@shared_task(name=DECIDE_EVENTS)
def decide_events_task(everything: bool = False) -> None:  # noqa: FBT001, FBT002 - Celery passes it by keyword
    """Decide on completed events; `everything` also looks behind the window."""
    _drain("events_decided", lambda: decide_events(at=database_now(), limit=BATCH, everything=everything))


@shared_task(name=APPLY_TRANSITIONS)
def apply_transitions_task(everything: bool = False) -> None:  # noqa: FBT001, FBT002 - Celery passes it by keyword
    """Carry out what happened to events later; `everything` also looks behind the window."""
    _drain(
        "transitions_applied",
        lambda: apply_transitions(at=database_now(), limit=BATCH, everything=everything),
    )


@shared_task(name=QUEUE_INVITATIONS)
def queue_invitations_task() -> None:
    """Hand due invitations to delivery."""
    _drain("invitations_queued", lambda: queue_invitations(at=database_now(), limit=BATCH))


@shared_task(name=CONSUME_TALLIES)
def consume_tallies_task() -> None:
    """Count new responses."""
    _drain("responses_counted", lambda: consume_tallies(at=database_now(), limit=COUNTED), full=COUNTED)


@shared_task(name=SETTLE_DRAFTS)
def settle_drafts_task() -> None:
    """Settle unfinished responses whose link has ended."""
    _drain("drafts_settled", lambda: settle_drafts(at=database_now(), limit=BATCH))


@shared_task(name=SWEEP_FILES)
def sweep_files_task() -> None:
    """Forget files that were never submitted."""
    _drain("files_swept", lambda: sweep_files(at=database_now(), limit=BATCH))


def _drain(event: str, work: Callable[[], int], *, full: int = BATCH) -> None:
    count = sweep(work, seconds=SWEEPING_SECONDS, full=full)
    if count:
        logger.info(event, count=count)
