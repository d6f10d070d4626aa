"""What is on record of every job: who waits, who is at work and until when, and how it ended."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self, cast

from django.core.checks import CheckMessage, Error
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback_site.common.ids import uuid7
from feedback_site.common.languages import Language

# A worker renews it each second while it works, so one that ran out means that the worker is gone.
LEASE = timedelta(seconds=60)
ERROR_LENGTH = 500
# What `LeasedJob.renew` changes, for the `update_fields` of who saves.
RENEWED = ("claimed_until", "attempts")


class JobStatus(StrEnum):
    """The statuses that jobs of all kinds have. Each kind says them in its own words, and may have more."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (JobStatus.QUEUED.value, JobStatus.RUNNING.value)


class LeasedJob(models.Model):
    """A job that one worker at a time holds under a lease, such as an export or an import.

    `lease_id` says which worker holds it, `claimed_until` how long it is believed to live; `attempts` counts
    leases that came to no end.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    language = models.CharField(_("language"), max_length=10, choices=Language)
    error = models.CharField(_("error"), max_length=ERROR_LENGTH, blank=True)
    queued_at = models.DateTimeField(_("asked for at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    lease_id = models.UUIDField(null=True, blank=True, editable=False)

    status: "models.CharField[Any, Any]"

    class Meta:
        abstract = True

    @classmethod
    def check(cls, **options: Any) -> list[CheckMessage]:
        """Refuse a kind of job that lacks a status which this package writes."""
        status = cast("models.CharField[Any, Any]", cls._meta.get_field("status"))
        known = {value for value, _label in status.flatchoices}
        missing = sorted(set(JobStatus) - known)
        faults = [Error(f"The statuses lack {missing}.", obj=cls, id="feedback_site.E002")]
        return [*super().check(**options), *(faults if missing else [])]

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits or is at work."""
        return self.status in UNFINISHED

    @property
    def progress_words(self) -> Mapping[str, Any]:
        """What sentences on a job that failed may name, such as the row at which it stopped."""
        return {}

    def renew(self, *, at: datetime) -> None:
        """Hold on to the lease after some work is safe; who did the work saves `RENEWED` together with it."""
        self.claimed_until = at + LEASE
        self.attempts = 0

    def under_lease(self) -> models.QuerySet[Self]:
        """Return the row of this job as long as the lease is the one it was read with."""
        rows = type(self)._default_manager.all()  # noqa: SLF001 - Django's documented API
        return rows.filter(pk=self.pk, lease_id=self.lease_id, status=JobStatus.RUNNING)
