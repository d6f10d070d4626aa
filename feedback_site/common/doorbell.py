"""Rings for work that rows already state: lost rings cost seconds (the tick finds the rows), never work."""

from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = structlog.get_logger(__name__)


def ring(task_name: str) -> None:
    """Send the task named `task_name` once the transaction has committed; a dead broker is logged and forgiven."""
    transaction.on_commit(partial(_send, task_name), robust=True)


def _send(task_name: str) -> None:
    try:
        current_app.send_task(task_name, retry=False, expires=60)
    except (OperationalError, OSError) as error:
        logger.warning("doorbell_unheard", task=task_name, error=type(error).__name__)
