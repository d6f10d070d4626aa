"""Rings for work that rows already state: lost rings cost seconds (the tick finds the rows), never work."""

import threading
import time
from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

# A broker that stands still keeps whoever rings waiting for its timeout: after one unheard ring the process is silent for about a tick.
SILENT_SECONDS = 3.0

logger = structlog.get_logger(__name__)


class _Doorbell:
    """One per process. After the silence one ring tries again, and the others stay silent until it was heard."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._silent_until = 0.0

    def ring(self, task_name: str) -> None:
        if not self._may_ring():
            return
        try:
            current_app.send_task(task_name, retry=False, expires=60)
        except (OperationalError, OSError) as error:
            self._silent_until = time.monotonic() + SILENT_SECONDS
            logger.warning("doorbell_unheard", task=task_name, error=type(error).__name__)
        else:
            self.forget()

    def forget(self) -> None:
        """Ring again at once, whatever went unheard before."""
        self._silent_until = 0.0

    def _may_ring(self) -> bool:
        with self._lock:
            now = time.monotonic()
            if now < self._silent_until:
                return False
            if self._silent_until:
                self._silent_until = now + SILENT_SECONDS
            return True


_doorbell = _Doorbell()


def ring(task_name: str) -> None:
    """Send the task named `task_name` once the transaction has committed; a dead broker is logged and forgiven."""
    transaction.on_commit(partial(_send, task_name), robust=True)


def _send(task_name: str) -> None:
    _doorbell.ring(task_name)
