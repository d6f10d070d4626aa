"""Masking each night what still stands in clear."""

import structlog
from celery import shared_task

from feedback_site.common.clock import database_now
from feedback_site.common.task_table import MASK_OLD_WORDS
from feedback_site.customers.services.old_words import mask_old_words, words_in_clear

_NIGHT_SECONDS = 3600

logger = structlog.get_logger(__name__)


@shared_task(name=MASK_OLD_WORDS, soft_time_limit=_NIGHT_SECONDS, time_limit=_NIGHT_SECONDS + 60)
def mask_old_words_task() -> None:
    """Mask what was written before words were masked; a walk that breaks off goes on next night."""
    if next(words_in_clear(), None) is None:
        return
    done = {kind: masked for kind, _looked_at, masked in mask_old_words(at=database_now())}
    logger.info("old_words_masked", **done)
