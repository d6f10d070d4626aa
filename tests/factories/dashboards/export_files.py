"""A finished export, written without running it."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from feedback_site.accounts.models import ApiKey, User
from feedback_site.dashboards.enums import ExportFormat, ExportKind, ExportStatus
from feedback_site.dashboards.models import Export
from feedback_site.dashboards.services.exporting.access import teams_of


def write_export(*, by: User | ApiKey, text: str, at: datetime) -> Export:
    """An export of `by` that is ready; its file holds `text`."""
    folder = Path(settings.EXPORT_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    export = Export(
        kind=ExportKind.RESPONSES,
        format=ExportFormat.CSV,
        language="en",
        requested_by=by if isinstance(by, User) else None,
        api_key=by if isinstance(by, ApiKey) else None,
        status=ExportStatus.DONE,
        rows_total=1,
        rows_done=1,
        size=len(text),
        teams=teams_of(by),
        queued_at=at,
        finished_at=at,
        expires_at=at + timedelta(days=7),
    )
    export.file_name = f"{export.pk}.csv"
    (folder / export.file_name).write_text(text)
    export.save(force_insert=True)
    return export
