"""Running an export: one snapshot, read through a server-side cursor, written row by row.

The file gets its name when it is whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.enums import AccountAccess
from feedback_site.accounts.models import ApiKey, User
from feedback_site.accounts.services import record_access
from feedback_site.common.clock import Clock, clock_from
from feedback_site.common.exceptions import DomainError
from feedback_site.common.leased_jobs import Heartbeat
from feedback_site.common.resources import CHUNK
from feedback_site.common.spreadsheets import CsvWriter, SheetWriter, XlsxWriter
from feedback_site.dashboards.enums import ExportFormat, ExportKind, ExportStatus
from feedback_site.dashboards.models import Export
from feedback_site.dashboards.services.exporting.access import may_export, teams_of
from feedback_site.dashboards.services.exporting.filters import clean_filters, rows_of
from feedback_site.dashboards.services.exporting.jobs import EXPORTS
from feedback_site.dashboards.services.exporting.keeping import (
    export_folder,
    new_path,
    remove_expired,
    remove_leftovers,
    unfinished,
)
from feedback_site.dashboards.services.exporting.requesting import KEPT
from feedback_site.dashboards.services.exporting.sources import SOURCES


def run_exports(*, at: datetime) -> int:
    """Run the next export to its end, and return 1, or 0 when none waits.

    Not inside a transaction: it reads one snapshot of its own.
    """
    remove_expired(at=at)
    return EXPORTS.run_next(_run, at=at, clock=clock_from(at))


def _run(export: Export, clock: Clock) -> None:
    remove_leftovers(at=clock())
    requester = _requester_of(export, at=clock())
    teams = teams_of(requester)
    path = new_path(export)
    with unfinished(path) as (stream, part):
        with Heartbeat(EXPORTS, export, clock=clock) as heartbeat:
            rows = _write(export, requester, stream, heartbeat)
            stream.flush()
            size = part.stat().st_size
        part.rename(path)
    facts = {"rows_total": rows, "rows_done": rows, "file_name": path.name, "size": size, "teams": teams}
    try:
        _finish(export, requester, facts, at=clock())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _requester_of(export: Export, *, at: datetime) -> User | ApiKey:
    """Return who asked as they are now: what they may no longer see, they no longer get."""
    requester = export.requested_by or export.api_key
    if requester is None or not may_export(requester, ExportKind(export.kind), at=at):
        raise DomainError(_("The person who asked for this export may no longer export these rows."))
    return requester


def _write(export: Export, requester: User | ApiKey, stream: BinaryIO, heartbeat: Heartbeat[Export]) -> int:
    """Write all rows, and return how many they are."""
    kind = ExportKind(export.kind)
    done = 0
    with _one_snapshot():
        rows = rows_of(kind, clean_filters(kind, export.filters, requester), requester)
        total = rows.count()
        if not total:
            raise DomainError(_("There is nothing to export: no row matches these filters."))
        heartbeat.tell(rows_done=done, rows_total=total)
        resource = SOURCES[kind].resource.for_rows(rows)
        cells = resource.iter_rows(rows)
        with _writer(export.format, stream) as writer:
            writer.write_rows([resource.headings()])
            while chunk := list(islice(cells, CHUNK)):
                heartbeat.check()
                writer.write_rows(chunk)
                done += len(chunk)
                heartbeat.tell(rows_done=done, rows_total=total)
    heartbeat.check()
    return done


def _writer(format_name: str, stream: BinaryIO) -> SheetWriter:
    return (
        CsvWriter(stream) if format_name == ExportFormat.CSV else XlsxWriter(stream, folder=export_folder())
    )


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """See one moment of a site that goes on taking answers."""
    # Durable: the level is set by a transaction's first statement, so this must not be part of another one.
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


@transaction.atomic
def _finish(export: Export, requester: User | ApiKey, facts: dict[str, Any], *, at: datetime) -> None:
    EXPORTS.end(export, status=ExportStatus.DONE, at=at, expires_at=at + KEPT, **facts)
    record_access(
        actor=requester,
        action=AccountAccess.EXPORTED,
        subject_kind=export.kind,
        subject_id=str(export.pk),
        team_id=requester.scope_team_id,
        details={"rows": export.rows_total, "format": export.format, "filters": export.filters},
        at=at,
    )
