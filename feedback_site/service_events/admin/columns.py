"""From an uploaded file to columns that are understood.

They are known by their names, as the last time, or because the uploader says so.
"""

from typing import Any, BinaryIO

from django.utils.translation import get_language

from feedback_site.accounts.models import User
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.service_events.admin.column_forms import ColumnsForm, guessed_columns
from feedback_site.service_events.api.event_files.headings import HEADINGS, shown_name
from feedback_site.service_events.api.event_files.mapping import REQUIRED, EventMapping
from feedback_site.service_events.enums import ImportStatus
from feedback_site.service_events.models import EventImport
from feedback_site.service_events.services.importing import (
    PROPOSED,
    confirm_columns,
    headings_in,
    headings_of,
    remembered_columns,
)

# Fewer known headings than these are no table of events.
_LEAST_KNOWN = 2
# Headings that are no guess: what we show, and what has long been understood.
_CERTAIN = {word for english, chinese in HEADINGS.values() for word in (english[0], *chinese[:2])}


def read_columns(
    stream: BinaryIO, name: str, mapping: dict[str, Any], user: User
) -> tuple[dict[str, Any], bool]:
    """Return the mapping for a file, and whether its columns are understood without asking.

    Raises `DomainError` where it is no table.
    """
    if mapping.get("columns"):
        return mapping, True
    headings = headings_in(stream, name=name, mapping=mapping)
    constants = mapping.get("constants", {})
    guessed = guessed_columns(headings)
    is_whole = all(field in guessed or field in constants for field in REQUIRED)
    if is_whole and all(EventMapping.is_field(heading) or heading in _CERTAIN for heading in headings):
        return mapping, True
    remembered = remembered_columns(headings=headings, source=constants.get("source", ""), by=user)
    if remembered:
        return {**mapping, **remembered, "constants": {**remembered.get("constants", {}), **constants}}, True
    return mapping, len(guessed) < _LEAST_KNOWN


def waits_for_columns(event_import: EventImport) -> bool:
    """Return whether a person has to say which column is which."""
    return event_import.status == ImportStatus.CHECKED and PROPOSED in event_import.mapping


def columns_read(event_import: EventImport) -> list[str]:
    """Return what each confirmed column of a file is read as."""
    language = get_language() or "en"
    return [
        f"{column} → {shown_name(name, language)}"
        for name, column in event_import.mapping.get("columns", {}).items()
    ]


def columns_form(event_import: EventImport, user: User, data: Any) -> ColumnsForm:
    """Return the form of an import's columns, filled with what is on record, else with guesses."""
    headings = headings_of(event_import)
    return ColumnsForm(
        headings=headings,
        columns=event_import.mapping.get("columns") or guessed_columns(headings),
        constants=event_import.mapping.get("constants", {}),
        user=user,
        data=data,
    )


def confirm_form(form: ColumnsForm, event_import: EventImport, user: User) -> bool:
    """Check the file with what the form says; return whether that can be."""
    try:
        confirm_columns(
            event_import=event_import,
            columns=form.columns(),
            constants=form.constants(),
            date_order=form.cleaned_data["date_order"],
            by=user,
            at=database_now(),
        )
    except DomainError as error:
        form.add_error(None, str(error.message))
    return not form.errors
