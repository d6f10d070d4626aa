"""Rings for work that rows already state: lost rings cost seconds (the tick finds the rows), never work."""

import threading
import time
from functools import partial

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

# A broker that stands still keeps the one who rings waiting for its timeout:
# after one unheard ring the process is silent for about a tick.
SILENT_SECONDS = 3.0
# Each sweep takes whatever is there, so under load one ring for many rows does; what
# comes right after the last one is left to the tick. Without it thousands of rings stand
# in the queue before the other sweeps, and nothing is sent until they are through.
PAUSE_SECONDS = 0.25

logger = structlog.get_logger(__name__)


class _Doorbell:
    """Sends the names of tasks to the broker, and is silent for a while after it was not heard.

    There is one in each process. After the silence one ring tries again, and the others stay silent until it
    was heard.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._silent_until = 0.0
        self._heard_at: dict[str, float] = {}

    def ring(self, task_name: str) -> None:
        rung_at = time.monotonic()
        if rung_at < self._heard_at.get(task_name, -PAUSE_SECONDS) + PAUSE_SECONDS or not self._may_ring():
            return
        try:
            current_app.send_task(task_name, retry=False, expires=60)
        except (OperationalError, OSError) as error:
            self._silent_until = time.monotonic() + SILENT_SECONDS
            logger.warning("doorbell_unheard", task=task_name, error=type(error).__name__)
        else:
            self._heard_at[task_name] = rung_at
            self._silent_until = 0.0

    def forget(self) -> None:
        """Ring again at once, whatever was heard or not before."""
        self._silent_until = 0.0
        self._heard_at.clear()

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
    """Send the task named `task_name` once the transaction has committed.

    A dead broker is logged and forgiven.
    """
    transaction.on_commit(partial(_send, task_name), robust=True)


def _send(task_name: str) -> None:
    _doorbell.ring(task_name)
