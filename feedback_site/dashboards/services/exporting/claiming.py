"""Whose turn it is: one export runs at a time, under a lease that a heartbeat renews."""

import threading
import time
import uuid
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.common.ids import uuid7
from feedback_site.common.locks import Lock, is_alone
from feedback_site.dashboards.enums import ExportStatus
from feedback_site.dashboards.models import Export

LEASE = timedelta(seconds=60)
HEARTBEAT_SECONDS = 1.0
# An export that takes its worker down three times will do so a fourth time.
MOST_ATTEMPTS = 3

logger = structlog.get_logger(__name__)


class LeaseLostError(Exception):
    """The export was cancelled, or another worker runs it by now."""


def claim_export(*, at: datetime) -> Export | None:
    """Lease the export that waits longest, and one whose worker is gone before it; None while another runs.

    One at a time: an export reads for minutes, and the other workers have customers to ask.
    """
    with transaction.atomic():
        if (
            not is_alone(Lock.EXPORTS)
            or Export.objects.filter(status=ExportStatus.RUNNING, claimed_until__gte=at).exists()
        ):
            return None
        waiting = Export.objects.to_run(at=at).select_for_update(skip_locked=True).order_by("queued_at", "pk")
        export = waiting.first()
        if export is None:
            return None
        if export.attempts >= MOST_ATTEMPTS:
            _give_up(export, at=at)
            return None
        Export.objects.filter(pk=export.pk).update(
            status=ExportStatus.RUNNING,
            lease_id=uuid7(),
            claimed_until=at + LEASE,
            started_at=at,
            attempts=F("attempts") + 1,
            rows_done=0,
            rows_total=None,
        )
        export.refresh_from_db()
        return export


def _give_up(export: Export, *, at: datetime) -> None:
    with translation.override(export.language):
        error = _("The export was interrupted three times. Choose fewer rows.")
    Export.objects.filter(pk=export.pk).update(
        status=ExportStatus.FAILED, error=error, finished_at=at, lease_id=None, claimed_until=None
    )


class Heartbeat:
    """Renews the lease and notes progress while the rows are read.

    It is a thread with a connection of its own.

    `at` is when the export was claimed; later moments are that plus what has passed since.
    """

    def __init__(self, export: Export, *, at: datetime) -> None:
        self._export_id: uuid.UUID = export.pk
        self._lease_id = export.lease_id
        self._at, self._began = at, time.monotonic()
        self._stopping = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._run, name="export-heartbeat", daemon=True)
        self.rows_done = 0
        self.rows_total: int | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join()

    @property
    def now(self) -> datetime:
        """The present, by the clock that `at` came from."""
        return self._at + timedelta(seconds=time.monotonic() - self._began)

    def check(self) -> None:
        """Raise `LeaseLostError` once a beat found the export in other hands."""
        if self._lost.is_set():
            raise LeaseLostError

    def _run(self) -> None:
        try:
            while not self._stopping.wait(HEARTBEAT_SECONDS):
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        held = Export.objects.filter(pk=self._export_id, lease_id=self._lease_id, status=ExportStatus.RUNNING)
        try:
            is_held = held.update(
                claimed_until=self.now + LEASE, rows_done=self.rows_done, rows_total=self.rows_total
            )
        except DatabaseError as error:  # the lease outlives some missed beats
            logger.warning("export_heartbeat_missed", error=type(error).__name__)
            connection.close()
            return
        if not is_held:
            self._lost.set()
            self._stopping.set()
