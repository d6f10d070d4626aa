"""The life of a job, from the request to its end: whose turn it is, who holds it, when it is given up."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.functional import Promise

from feedback_site.common.clock import Clock
from feedback_site.common.doorbell import ring
from feedback_site.common.exceptions import ConflictError, DomainError, LeaseLostError
from feedback_site.common.ids import uuid7
from feedback_site.common.leased_jobs.models import ERROR_LENGTH, LEASE, UNFINISHED, JobStatus, LeasedJob
from feedback_site.common.locks import Lock, is_alone

# A job that takes its worker down three times at one point will do so a fourth time.
MOST_ATTEMPTS = 3
JobT = TypeVar("JobT", bound=LeasedJob)
_NO_LEASE: dict[str, Any] = {"lease_id": None, "claimed_until": None}

logger = structlog.get_logger(__name__)


class JobKind(Generic[JobT]):
    """One kind of job, of which one runs at a time.

    It takes minutes, and the other workers have customers to ask.

    Sentences: `given_up` for a job that took its worker down too often, `broken` for an error of ours,
    `lost` for a lease that is gone, `has_ended` for a job that cannot be cancelled any more.
    `stoppable` are the statuses in which a job can be cancelled. `set_back` is what a claim writes where a
    job begins at its first row each time; others go on where they were. After `interruptions` (the database
    is away) nothing is written: the lease runs out, and a worker goes on. Any other error would come again.
    """

    model: type[JobT]
    lock: ClassVar[Lock]
    task: ClassVar[str]
    given_up: ClassVar[str | Promise]
    broken: ClassVar[str | Promise]
    lost: ClassVar[str | Promise]
    has_ended: ClassVar[str | Promise]
    stoppable: ClassVar[Sequence[str]] = UNFINISHED
    set_back: ClassVar[Mapping[str, Any]] = {}
    interruptions: ClassVar[tuple[type[Exception], ...]] = ()

    def rows(self) -> QuerySet[JobT]:
        """Return the jobs of the background among those of the model."""
        return self.model._default_manager.all()  # noqa: SLF001 - Django's documented API

    def on_end(self, job: JobT, *, at: datetime) -> None:
        """Do what belongs to the end of a job, in its transaction."""

    def queue(self, *, at: datetime, **facts: Any) -> JobT:
        """Write down a job that waits, and ring for it."""
        job = self.rows().create(queued_at=at, **facts)
        ring(self.task)
        return job

    @transaction.atomic
    def cancel(self, job: JobT, *, at: datetime) -> JobT:
        """Stop a job: who is at work finds the lease gone. Raises `ConflictError` where it has ended."""
        stopped = self._row(job).filter(status__in=self.stoppable)
        if stopped.update(status=JobStatus.CANCELLED, finished_at=at, **_NO_LEASE):
            job.refresh_from_db()
            self.on_end(job, at=at)
            return job
        job.refresh_from_db()
        if job.status != JobStatus.CANCELLED:
            raise ConflictError(self.has_ended, {"status": job.status})
        return job

    @transaction.atomic
    def claim(self, *, at: datetime) -> JobT | None:
        """Lease the job that waits longest, one whose worker is gone among them.

        None while another runs, and where none waits.
        """
        at_work = self.rows().filter(status=JobStatus.RUNNING, claimed_until__gte=at)
        if not is_alone(self.lock) or at_work.exists():
            return None
        waiting = self.rows().filter(
            Q(status=JobStatus.QUEUED) | Q(status=JobStatus.RUNNING, claimed_until__lt=at)
        )
        locked = waiting.select_for_update(skip_locked=True, of=("self",), no_key=True)
        job = locked.order_by("queued_at", "pk").first()
        if job is None:
            return None
        if job.attempts < MOST_ATTEMPTS:
            return self.lease(job, at=at)
        with translation.override(job.language):
            self._close(job, status=JobStatus.FAILED, error=str(self.given_up) % job.progress_words, at=at)
        return None

    def lease(self, job: JobT, *, at: datetime) -> JobT:
        """Give a job that is locked a new lease, which ends every older one."""
        self._row(job).update(
            status=JobStatus.RUNNING,
            lease_id=uuid7(),
            claimed_until=at + LEASE,
            attempts=F("attempts") + 1,
            started_at=(not self.set_back and job.started_at) or at,
            **self.set_back,
        )
        job.refresh_from_db()
        return job

    def lock_held(self, job: JobT) -> JobT:
        """Return the job as it stands, locked until the transaction ends.

        Raises `LeaseLostError` where the lease is another.
        """
        held = job.under_lease().select_for_update(of=("self",), no_key=True).first()
        if held is None:
            raise LeaseLostError(self.lost)
        return held

    def end(self, job: JobT, *, status: str, at: datetime, **facts: Any) -> None:
        """End a job with what is known of it now. Raises `LeaseLostError` where the lease is another."""
        with transaction.atomic():
            self._close(self.lock_held(job), status=status, at=at, **facts)
        job.refresh_from_db()

    def fail(self, job: JobT, sentence: str, *, at: datetime) -> None:
        """End a job with a sentence, unless it is in other hands by now, and theirs to end."""
        with suppress(LeaseLostError):
            self.end(job, status=JobStatus.FAILED, error=sentence[:ERROR_LENGTH], at=at)

    def put_back(self, job: JobT) -> None:
        """Let a job wait again in its turn, and ring for it."""
        job.under_lease().update(status=JobStatus.QUEUED, **_NO_LEASE)
        ring(self.task)

    def run_next(self, work: Callable[[JobT, Clock], None], *, at: datetime, clock: Clock) -> int:
        """Hand the next job to `work`, and return 1, or 0 when none waits. Not inside a transaction."""
        job = self.claim(at=at)
        if job is None:
            return 0
        facts = {"task": self.task, "id": str(job.pk)}
        with translation.override(job.language):
            try:
                work(job, clock)
            except LeaseLostError:
                logger.info("job_stopped", **facts)
            except DomainError as error:
                self.fail(job, str(error.message), at=clock())
            except self.interruptions as error:
                logger.warning("job_interrupted", error=type(error).__name__, **facts)
            except Exception as error:
                # Whatever it was, it would happen again: the job ends
                # with a sentence instead of starting for ever.
                logger.exception("job_failed", error=type(error).__name__, **facts)
                self.fail(job, str(self.broken) % job.progress_words, at=clock())
        return 1

    def _row(self, job: JobT) -> QuerySet[JobT]:
        return self.model._default_manager.filter(pk=job.pk)  # noqa: SLF001 - Django's documented API

    def _close(self, job: JobT, *, status: str, at: datetime, **facts: Any) -> None:
        self._row(job).update(status=status, finished_at=at, **_NO_LEASE, **facts)
        job.refresh_from_db()
        self.on_end(job, at=at)
