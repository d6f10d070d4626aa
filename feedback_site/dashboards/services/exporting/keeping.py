"""The files: where they lie, who takes them, and when they go."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import ApiKey, User
from feedback_site.accounts.services import record_access
from feedback_site.common.exceptions import ConflictError, NotAllowedError
from feedback_site.dashboards.enums import ExportAccess, ExportFormat, ExportKind, ExportStatus
from feedback_site.dashboards.exceptions import GoneError
from feedback_site.dashboards.models import Export
from feedback_site.dashboards.services.exporting.access import ALL_TEAMS, may_export, teams_of

CONTENT_TYPES = {
    ExportFormat.CSV.value: "text/csv; charset=utf-8",
    ExportFormat.XLSX.value: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LEFTOVER_AFTER = timedelta(days=1)
_NAME_BYTES = 24


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to hand over: where it lies, and what its reader calls it."""

    path: Path
    name: str
    content_type: str


def export_folder() -> Path:
    """Return the folder of all exports, readable by this account only."""
    folder = Path(settings.EXPORT_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def new_path(export: Export) -> Path:
    """Return a path that cannot be guessed."""
    return export_folder() / f"{secrets.token_urlsafe(_NAME_BYTES)}.{export.format}"


@contextmanager
def unfinished(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """Open a file beside `path` for writing.

    It is deleted afterwards unless the caller has renamed it to `path`.
    """
    part = path.with_suffix(f"{path.suffix}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream, part
    finally:
        part.unlink(missing_ok=True)


@transaction.atomic
def open_export(*, export: Export, by: User | ApiKey, at: datetime) -> ExportFile:
    """Return the file, on record.

    Raises `ConflictError` until it is ready and `GoneError` when its time is over.

    The reader is looked at as they are today: who may see less than the file holds gets `NotAllowedError`.
    """
    _refuse_beyond_scope(export, by, at=at)
    if export.status != ExportStatus.DONE:
        raise ConflictError(
            _("The export is still running. Please come back in a minute."), {"status": export.status}
        )
    path = export_folder() / export.file_name
    if export.expires_at <= at or not export.file_name or not path.is_file():
        raise GoneError(_("The file was removed after seven days. Ask for a new export."))
    record_access(
        actor=by,
        action=ExportAccess.EXPORT_DOWNLOADED,
        subject_kind=export.kind,
        subject_id=str(export.pk),
        team_id=by.scope_team_id,
        details={"rows": export.rows_total, "format": export.format, "filters": export.filters},
        at=at,
    )
    return ExportFile(
        path=path,
        name=f"{export.kind}-{export.queued_at:%Y-%m-%d}.{export.format}",
        content_type=CONTENT_TYPES[export.format],
    )


def _refuse_beyond_scope(export: Export, by: User | ApiKey, *, at: datetime) -> None:
    """Refuse where `by` may not export such rows any more, or not of all teams in the file.

    Raises `NotAllowedError`.
    """
    is_theirs = export.requested_by_id == by.pk if isinstance(by, User) else export.api_key_id == by.pk
    is_active = by.is_active if isinstance(by, User) else True
    if not (is_theirs and is_active and may_export(by, ExportKind(export.kind), at=at)):
        raise NotAllowedError(_("You may not export these rows."))
    today = teams_of(by)
    is_within = today == ALL_TEAMS or (isinstance(export.teams, list) and set(export.teams) <= set(today))
    if export.status == ExportStatus.DONE and not is_within:
        raise NotAllowedError(
            _("You see other teams today than when this file was made. Ask for a new export.")
        )


def remove_expired(*, at: datetime) -> int:
    """Remove the files whose time is over, and return how many.

    The rows stay, so that a page can say what happened.
    """
    over = Export.objects.filter(status=ExportStatus.DONE, expires_at__lte=at).exclude(file_name="")
    exports = list(over.values_list("pk", "file_name"))
    for _pk, name in exports:
        (export_folder() / name).unlink(missing_ok=True)
    return Export.objects.filter(pk__in=[pk for pk, _name in exports]).update(file_name="")


def remove_leftovers(*, at: datetime) -> int:
    """Remove what killed workers left behind: files of a day ago that no export names."""
    old = [
        path
        for path in export_folder().iterdir()
        if path.stat().st_mtime < (at - _LEFTOVER_AFTER).timestamp()
    ]
    kept = set(
        Export.objects.filter(file_name__in=[path.name for path in old]).values_list("file_name", flat=True)
    )
    leftovers = [path for path in old if path.name not in kept]
    for path in leftovers:
        path.unlink(missing_ok=True)
    return len(leftovers)
