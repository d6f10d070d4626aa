"""What customers' pages leave to one thread per web process.

It counts link visits and rings for tallies, once a second. A customer never waits for either. What is lost
when a process dies is a few visits (loss allowed) and a ring (the tick finds the rows).

Outside a web server no thread starts: there the bell rings at once, and the code that counts visits flushes
them.
"""

import atexit
import os
import threading
from collections.abc import Callable

import structlog
from django.db import DatabaseError, connection

from feedback_site.common.doorbell import ring

PERIOD_SECONDS = 1.0
STOP_SECONDS = 3.0

logger = structlog.get_logger(__name__)


class Background:
    """One daemon thread in each process that serves customers.

    It is started at its first use there, so that forks get their own.
    """

    def __init__(self) -> None:
        self._jobs: list[Callable[[], None]] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._thread_process: int | None = None
        self._stopping = threading.Event()
        self._bells: set[str] = set()
        self.is_enabled = False

    def enable(self, *jobs: Callable[[], None]) -> None:
        """Allow the thread in this process and its forks; `jobs` run once a period."""
        self._jobs = [self._ring, *jobs]
        self.is_enabled = True
        atexit.register(self.stop)

    def ensure_running(self) -> None:
        """Start the thread unless this process has it."""
        if not self.is_enabled or self._thread_process == os.getpid():
            return
        with self._lock:
            if self._thread_process != os.getpid():
                self._thread_process = os.getpid()
                self._stopping = threading.Event()
                self._thread = threading.Thread(target=self._run, name="answer-path-background", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Do what is left and end the thread; a process that ends in good order loses nothing."""
        self.is_enabled = False
        if self._thread is not None and self._thread_process == os.getpid():
            self._stopping.set()
            self._thread.join(STOP_SECONDS)

    def ring_soon(self, task_name: str) -> None:
        """Ring within a second, however often it is asked for; at once where no thread runs."""
        if not self.is_enabled:
            ring(task_name)
            return
        self._bells.add(task_name)
        self.ensure_running()

    def _run(self) -> None:
        is_last = False
        while not is_last:
            is_last = self._stopping.wait(PERIOD_SECONDS)
            for job in self._jobs:
                _do(job)
        connection.close()

    def _ring(self) -> None:
        while self._bells:
            ring(self._bells.pop())


def _do(job: Callable[[], None]) -> None:
    try:
        job()
    except Exception as error:  # noqa: BLE001 - the edge of a background task: the next second tries again
        logger.warning("answer_path_background_failed", error=type(error).__name__)
        if isinstance(error, DatabaseError):
            connection.close()


background = Background()
