"""Asking for an import, saying go after it was checked, and taking it back."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models import User
from feedback_site.common.doorbell import ring
from feedback_site.common.exceptions import ConflictError, DomainError, NotAllowedError
from feedback_site.common.leased_jobs import UNFINISHED
from feedback_site.common.table_files import UPLOAD
from feedback_site.common.task_table import RUN_IMPORTS
from feedback_site.service_events.enums import ImportOrigin, ImportStatus
from feedback_site.service_events.models import EventImport
from feedback_site.service_events.services.importing.access import may_import
from feedback_site.service_events.services.importing.jobs import IMPORTS
from feedback_site.service_events.services.importing.keeping import keep_file
from feedback_site.service_events.services.importing.parsing import make_row_parser, open_events

# A file that was checked and then forgotten; and how long the list of an import's rows can be looked at.
_GO_WITHIN = timedelta(days=1)
_KEPT = timedelta(days=90)
_PIECE = 1_000_000


def request_import(
    *,
    stream: BinaryIO,
    name: str,
    mapping: Mapping[str, Any],
    is_replayed: bool,
    language: str,
    by: User,
    at: datetime,
) -> EventImport:
    """Queue the check of an uploaded file.

    Raises `DomainError` where it is no table, over a limit, or its columns are not understood.
    """
    if not may_import(by):
        raise NotAllowedError(_("You may not import service events."))
    with open_events(stream, name=name, mapping=mapping, limits=UPLOAD) as table:
        make_row_parser(mapping=mapping, table=table, principal=by)
        rows_total = table.rows_estimate
        if next(table.rows, None) is None:
            raise DomainError(_("The file has headings and no rows."))
    with transaction.atomic():
        event_import = IMPORTS.queue(
            origin=ImportOrigin.UPLOAD,
            team=by.team if by.data_scope is DataScope.SUBTREE else None,
            requested_by=by,
            file_name=name[-120:],
            file_size=stream.seek(0, 2),
            fingerprint=fingerprint_of(stream, mapping, is_replayed),
            mapping=dict(mapping),
            language=language,
            is_replayed=is_replayed,
            rows_total=rows_total,
            at=at,
        )
        keep_file(event_import, stream)
    return event_import


@transaction.atomic
def confirm_import(*, event_import: EventImport, by: User, at: datetime) -> EventImport:
    """Import what was checked. Raises `ConflictError` where that is not what the import waits for."""
    if not may_import(by):
        raise NotAllowedError(_("You may not import service events."))
    if not event_import.position:
        raise ConflictError(_("This import does not wait for a go."), {"status": event_import.status})
    _begin_again(event_import, at=at, is_dry_run=False)
    return event_import


@transaction.atomic
def check_again(
    *, event_import: EventImport, changes: Mapping[str, Any], by: User, at: datetime
) -> EventImport:
    """Check a file once more with changes to its mapping; None takes an entry out.

    Raises as `confirm_import`.
    """
    if not may_import(by):
        raise NotAllowedError(_("You may not import service events."))
    said = {**event_import.mapping, **changes}
    _begin_again(
        event_import,
        at=at,
        is_dry_run=True,
        mapping={name: value for name, value in said.items() if value is not None},
    )
    return event_import


def _begin_again(event_import: EventImport, *, at: datetime, **changes: Any) -> None:
    begun = EventImport.objects.filter(pk=event_import.pk, status=ImportStatus.CHECKED).update(
        status=ImportStatus.QUEUED,
        queued_at=at,
        started_at=None,
        finished_at=None,
        attempts=0,
        **changes,
        **dict.fromkeys(
            (
                "position",
                "imported",
                "completed",
                "continued",
                "repeated",
                "listed",
                "warned",
                "rows_per_second",
            ),
            0,
        ),
    )
    event_import.refresh_from_db()
    if not begun:
        raise ConflictError(
            _("This import is not waiting for confirmation."), {"status": event_import.status}
        )
    event_import.problems.all().delete()
    event_import.customers.all().delete()
    ring(RUN_IMPORTS)


def cancel_import(*, event_import: EventImport, at: datetime) -> EventImport:
    """Stop an import between two chunks; what it has taken in stays.

    Raises `ConflictError` where it has ended.
    """
    return IMPORTS.cancel(event_import, at=at)


def remove_forgotten(*, at: datetime) -> int:
    """Cancel what was checked a day ago and forget imports of three months ago; return how many."""
    stale = EventImport.objects.filter(status=ImportStatus.CHECKED, finished_at__lt=at - _GO_WITHIN)
    for event_import in stale:
        cancel_import(event_import=event_import, at=at)
    old, _by_model = (
        EventImport.objects.filter(finished_at__lt=at - _KEPT).exclude(status__in=UNFINISHED).delete()
    )
    return len(stale) + old


def fingerprint_of(stream: BinaryIO, *settings: Any) -> bytes:
    """Return SHA-256 over a file and the settings that decide what becomes of its rows."""
    stream.seek(0)
    content = hashlib.sha256()
    while piece := stream.read(_PIECE):
        content.update(piece)
    return hashlib.sha256(json.dumps([content.hexdigest(), *settings], sort_keys=True).encode()).digest()
