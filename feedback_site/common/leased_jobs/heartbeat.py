"""How a worker that reads for minutes holds its lease."""

import threading
from types import TracebackType
from typing import Any, Generic, Self

import structlog
from django.db import DatabaseError, connection

from feedback_site.common.clock import Clock
from feedback_site.common.exceptions import LeaseLostError
from feedback_site.common.leased_jobs.kinds import JobKind, JobT
from feedback_site.common.leased_jobs.models import LEASE

HEARTBEAT_SECONDS = 1.0

logger = structlog.get_logger(__name__)


class Heartbeat(Generic[JobT]):
    """Renews the lease and writes down how far the job is, as it was last told by `tell`.

    It is a thread with a connection of its own.
    """

    def __init__(self, kind: JobKind[JobT], job: JobT, *, clock: Clock) -> None:
        self._kind, self._job, self._clock = kind, job, clock
        self._progress: dict[str, Any] = {}
        self._stopping = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._run, name="job-heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join()

    def tell(self, **progress: Any) -> None:
        """Have the next beats write these columns."""
        self._progress = progress

    def check(self) -> None:
        """Raise `LeaseLostError` once a beat found the job in other hands."""
        if self._lost.is_set():
            raise LeaseLostError(self._kind.lost)

    def _run(self) -> None:
        try:
            while not self._stopping.wait(HEARTBEAT_SECONDS):
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        try:
            is_held = self._job.under_lease().update(claimed_until=self._clock() + LEASE, **self._progress)
        except DatabaseError as error:  # the lease outlives some missed beats
            logger.warning("job_heartbeat_missed", task=self._kind.task, error=type(error).__name__)
            connection.close()
            return
        if not is_held:
            self._lost.set()
            self._stopping.set()
