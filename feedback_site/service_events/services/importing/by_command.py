"""Files that an operator names on the machine.

They have the same rows and the same resumption, in the operator's own process.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction

from feedback_site.common.exceptions import DomainError
from feedback_site.service_events.enums import ImportOrigin, ImportStatus
from feedback_site.service_events.models import EventImport
from feedback_site.service_events.services.importing.jobs import IMPORTS
from feedback_site.service_events.services.importing.requesting import cancel_import, fingerprint_of
from feedback_site.service_events.services.importing.running import Run, finish, run_file


def begin_import(
    *,
    path: Path,
    stream: BinaryIO,
    mapping: Mapping[str, Any],
    is_replayed: bool,
    is_dry_run: bool,
    is_restarted: bool,
    language: str,
    at: datetime,
) -> EventImport:
    """Return the unfinished import of this file with these settings, else a new one.

    It is leased either way.

    The process that begins last goes on: another process that is at the same file stops at its next chunk.
    """
    fingerprint = fingerprint_of(stream, mapping, is_replayed, is_dry_run)
    unfinished = EventImport.objects.filter(
        origin=ImportOrigin.COMMAND, status=ImportStatus.RUNNING, fingerprint=fingerprint
    ).first()
    if unfinished is not None and is_restarted:
        cancel_import(event_import=unfinished, at=at)
        unfinished = None
    if unfinished is None:
        unfinished = _create(
            fingerprint,
            file_name=path.name[-120:],
            file_size=path.stat().st_size,
            mapping=dict(mapping),
            language=language,
            is_replayed=is_replayed,
            is_dry_run=is_dry_run,
            queued_at=at,
            started_at=at,
        )
    return IMPORTS.take_over(unfinished, at=at)


def run_import(*, event_import: EventImport, stream: BinaryIO, run: Run) -> EventImport:
    """Take in the rest of the file.

    Raises `DomainError` where it cannot be read on; then the import is over, too.
    """
    try:
        run_file(event_import, stream, run)
    except DomainError as error:
        IMPORTS.fail(event_import, str(error.message), at=run.clock())
        raise
    finish(event_import, at=run.clock())
    return event_import


def _create(fingerprint: bytes, **facts: Any) -> EventImport:
    try:
        with transaction.atomic():
            return EventImport.objects.create(
                origin=ImportOrigin.COMMAND, status=ImportStatus.RUNNING, fingerprint=fingerprint, **facts
            )
    except IntegrityError:  # another process began the same file in the same moment
        return EventImport.objects.get(
            origin=ImportOrigin.COMMAND, status=ImportStatus.RUNNING, fingerprint=fingerprint
        )
