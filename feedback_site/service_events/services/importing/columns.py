"""Files whose columns are not all understood.

They are kept until the uploader has confirmed which is which, and read so again the next time.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models import User
from feedback_site.common.exceptions import ConflictError, NotAllowedError
from feedback_site.common.table_files import UPLOAD, clean_heading
from feedback_site.service_events.enums import ImportOrigin, ImportStatus
from feedback_site.service_events.models import EventImport
from feedback_site.service_events.services.importing.access import may_import
from feedback_site.service_events.services.importing.keeping import keep_file, kept_file
from feedback_site.service_events.services.importing.parsing import make_row_parser, open_events
from feedback_site.service_events.services.importing.requesting import check_again, fingerprint_of

# In the mapping of an upload: its columns are proposed and wait for a person's word.
PROPOSED = "proposed"
_MOST_REMEMBERED = 50


def headings_in(stream: BinaryIO, *, name: str, mapping: Mapping[str, Any]) -> list[str]:
    """Return the headings of a file. Raises `DomainError` where it is no table."""
    with open_events(stream, name=name, mapping=mapping, limits=UPLOAD) as table:
        return [heading for heading in table.headings if heading]


def remembered_columns(*, headings: Sequence[str], source: str, by: User) -> dict[str, Any]:
    """Return how the uploader's team last read a file with all these columns, or nothing.

    It is a file of this source, of any where no source is stated.
    """
    team = by.team if by.data_scope is DataScope.SUBTREE else None
    uploads = EventImport.objects.filter(origin=ImportOrigin.UPLOAD, team=team, mapping__has_key="columns")
    for event_import in uploads.exclude(mapping__has_key=PROPOSED).order_by("-pk")[:_MOST_REMEMBERED]:
        mapping = event_import.mapping
        is_of_source = source in ("", mapping.get("constants", {}).get("source", source))
        if is_of_source and {clean_heading(column) for column in mapping["columns"].values()} <= set(
            headings
        ):
            return {
                name: mapping[name] for name in ("columns", "constants", "date_order") if mapping.get(name)
            }
    return {}


@transaction.atomic
def hold_for_columns(
    *,
    stream: BinaryIO,
    name: str,
    mapping: Mapping[str, Any],
    is_replayed: bool,
    language: str,
    by: User,
    at: datetime,
) -> EventImport:
    """Keep an uploaded file until its columns are confirmed; nothing of it is read before."""
    if not may_import(by):
        raise NotAllowedError(_("You may not import service events."))
    event_import = EventImport.objects.create(
        origin=ImportOrigin.UPLOAD,
        team=by.team if by.data_scope is DataScope.SUBTREE else None,
        requested_by=by,
        file_name=name[-120:],
        file_size=stream.seek(0, 2),
        fingerprint=fingerprint_of(stream, mapping, is_replayed),
        mapping={**mapping, PROPOSED: True},
        language=language,
        is_replayed=is_replayed,
        status=ImportStatus.CHECKED,
        rows_total=0,
        queued_at=at,
        finished_at=at,
    )
    keep_file(event_import, stream)
    return event_import


def headings_of(event_import: EventImport) -> list[str]:
    """Return the headings of a file that is kept."""
    mapping = {
        name: value for name, value in event_import.mapping.items() if name not in {PROPOSED, "columns"}
    }
    with kept_file(event_import) as stream:
        return headings_in(stream, name=event_import.file_name, mapping=mapping)


@transaction.atomic
def confirm_columns(
    *,
    event_import: EventImport,
    columns: Mapping[str, str],
    constants: Mapping[str, str],
    date_order: str,
    by: User,
    at: datetime,
) -> EventImport:
    """Check a kept file with the columns that the uploader confirmed.

    Raises `DomainError` where fields are missing or unknown.
    """
    if event_import.status != ImportStatus.CHECKED:
        raise ConflictError(_("This import does not wait for a go."), {"status": event_import.status})
    changes = {
        "columns": dict(columns),
        "constants": dict(constants),
        "date_order": date_order,
        PROPOSED: None,
    }
    said = {name: value for name, value in {**event_import.mapping, **changes}.items() if value is not None}
    with (
        kept_file(event_import) as stream,
        open_events(stream, name=event_import.file_name, mapping=said, limits=UPLOAD) as table,
    ):
        make_row_parser(mapping=said, table=table, principal=by)
    return check_again(event_import=event_import, changes=changes, by=by, at=at)
