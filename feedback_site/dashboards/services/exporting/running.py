"""Running an export: one snapshot, read through a server-side
cursor, written row by row, put in its place when it is whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import structlog
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.accounts.enums import AccountAccess
from feedback_site.accounts.models import ApiKey, User
from feedback_site.accounts.services import record_access
from feedback_site.common.exceptions import DomainError
from feedback_site.common.resources import CHUNK
from feedback_site.common.spreadsheets import CsvWriter, SheetWriter, XlsxWriter
from feedback_site.dashboards.enums import ExportFormat, ExportKind, ExportStatus
from feedback_site.dashboards.models import Export
from feedback_site.dashboards.services.exporting.claiming import Heartbeat, LeaseLostError, claim_export
from feedback_site.dashboards.services.exporting.filters import clean_filters, rows_of
from feedback_site.dashboards.services.exporting.keeping import (
    export_folder,
    new_path,
    remove_expired,
    remove_leftovers,
    unfinished,
)
from feedback_site.dashboards.services.exporting.requesting import KEPT, may_export, teams_of
from feedback_site.dashboards.services.exporting.sources import SOURCES

logger = structlog.get_logger(__name__)


def run_exports(*, at: datetime) -> int:
    """Run the next export to its end, and return 1, or 0 when none
    waits. Not inside a transaction: it reads one snapshot of its own.
    """
    remove_expired(at=at)
    export = claim_export(at=at)
    if export is None:
        return 0
    remove_leftovers(at=at)
    heartbeat = Heartbeat(export, at=at)
    with translation.override(export.language):
        try:
            _run(export, heartbeat)
        except LeaseLostError:
            logger.info("export_stopped", export=str(export.pk))
        except DomainError as error:
            _fail(export, str(error.message), at=heartbeat.now)
        except Exception as error:
            # Whatever it was, it would happen again: the export
            # ends with a sentence instead of starting for ever.
            logger.exception("export_failed", export=str(export.pk), error=type(error).__name__)
            _fail(
                export,
                _("The export was stopped by an error. Ask again, or choose fewer rows."),
                at=heartbeat.now,
            )
    return 1


def _run(export: Export, heartbeat: Heartbeat) -> None:
    requester = _requester_of(export, at=heartbeat.now)
    teams = teams_of(requester)
    path = new_path(export)
    with unfinished(path) as (stream, part):
        with heartbeat:
            _write(export, requester, stream, heartbeat)
            stream.flush()
            size = part.stat().st_size
        part.rename(path)
    try:
        _finish(export, requester, heartbeat, path=path, size=size, teams=teams)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _requester_of(export: Export, *, at: datetime) -> User | ApiKey:
    """Return who asked as they are now: what they may no longer see, they no longer get."""
    requester = export.requested_by or export.api_key
    if requester is None or not may_export(requester, ExportKind(export.kind), at=at):
        raise DomainError(_("The person who asked for this export may no longer export these rows."))
    return requester


def _write(export: Export, requester: User | ApiKey, stream: BinaryIO, heartbeat: Heartbeat) -> None:
    kind = ExportKind(export.kind)
    with _one_snapshot():
        rows = rows_of(kind, clean_filters(kind, export.filters, requester), requester)
        heartbeat.rows_total = rows.count()
        if not heartbeat.rows_total:
            raise DomainError(_("There is nothing to export: no row matches these filters."))
        resource = SOURCES[kind].resource.for_rows(rows)
        cells = resource.iter_rows(rows)
        with _writer(export.format, stream) as writer:
            writer.write_rows([resource.headings()])
            while chunk := list(islice(cells, CHUNK)):
                heartbeat.check()
                writer.write_rows(chunk)
                heartbeat.rows_done += len(chunk)
    heartbeat.check()


def _writer(format_name: str, stream: BinaryIO) -> SheetWriter:
    return (
        CsvWriter(stream) if format_name == ExportFormat.CSV else XlsxWriter(stream, folder=export_folder())
    )


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """See one moment of a site that goes on taking answers."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


@transaction.atomic
def _finish(
    export: Export,
    requester: User | ApiKey,
    heartbeat: Heartbeat,
    *,
    path: Path,
    size: int,
    teams: list[int] | str,
) -> None:
    now = heartbeat.now
    done = Export.objects.filter(pk=export.pk, lease_id=export.lease_id, status=ExportStatus.RUNNING).update(
        status=ExportStatus.DONE,
        rows_total=heartbeat.rows_done,
        rows_done=heartbeat.rows_done,
        file_name=path.name,
        size=size,
        teams=teams,
        finished_at=now,
        expires_at=now + KEPT,
        lease_id=None,
        claimed_until=None,
    )
    if not done:
        raise LeaseLostError
    record_access(
        actor=requester,
        action=AccountAccess.EXPORTED,
        subject_kind=export.kind,
        subject_id=str(export.pk),
        team_id=requester.scope_team_id,
        details={"rows": heartbeat.rows_done, "format": export.format, "filters": export.filters},
        at=now,
    )


def _fail(export: Export, sentence: str, *, at: datetime) -> None:
    held = Export.objects.filter(pk=export.pk, lease_id=export.lease_id, status=ExportStatus.RUNNING)
    held.update(
        status=ExportStatus.FAILED, error=sentence[:300], finished_at=at, lease_id=None, claimed_until=None
    )
