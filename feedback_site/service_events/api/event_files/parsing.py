"""Rows into submissions, by the rules of the API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from feedback_site.accounts.models import User
from feedback_site.common.exceptions import DomainError
from feedback_site.common.table_files import FileRow, sentences_of
from feedback_site.service_events.api.event_files.mapping import EventMapping
from feedback_site.service_events.api.event_files.references import create_missing_references
from feedback_site.service_events.api.event_files.rows import body_of_row
from feedback_site.service_events.api.serializers import CustomerInput, ServiceEventInput
from feedback_site.service_events.selectors import load_references
from feedback_site.service_events.services import EventSubmission
from feedback_site.service_events.services.importing import RowParser

# What a file that staff upload may not do: make teams, or customers' contacts.
_FOR_OPERATORS = ("create_missing", "contacts")


def make_parser(*, mapping: Mapping[str, Any], headings: list[str], principal: User | None) -> RowParser:
    """Return the parser of a file's rows; see `services.importing.parsing.RowParserMaker`."""
    if principal is not None:
        _refuse_for_staff(mapping)
    parsed = EventMapping.parse(dict(mapping)).for_headings(headings)

    def parse(rows: Sequence[FileRow], at: datetime) -> Sequence[EventSubmission | str]:
        serializer = ServiceEventInput(context={"at": at, "references": load_references(principal=principal)})
        return [_parse(row, parsed, serializer) for row in rows]

    return parse


def _refuse_for_staff(mapping: Mapping[str, Any]) -> None:
    named = [name for name in _FOR_OPERATORS if mapping.get(name)]
    if named:
        raise DomainError(_("Only the command line understands this part of a mapping: %(names)s.") % {"names": ", ".join(named)})


def _parse(row: FileRow, mapping: EventMapping, serializer: ServiceEventInput) -> EventSubmission | str:
    body, wrong = body_of_row(row, mapping)
    create_missing_references(body, serializer.context["references"], mapping)
    try:
        submission = serializer.parse(body)
    except ValidationError as error:
        errors: dict[str, Any] = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        return "; ".join(sentences_of({**_without_values(errors, serializer), **wrong}))
    wrong |= {one.field: [str(one.fault.label)] for one in submission.left_out}
    return "; ".join(sentences_of(wrong)) or submission


def _without_values(errors: Mapping[str, Any], serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    """Say what could be chosen instead of what was: where columns have slipped, a cell may hold somebody's number."""
    shown: dict[str, Any] = {}
    for name, error in errors.items():
        field = serializer.fields.get(name)
        if isinstance(error, Mapping):
            shown[name] = _without_values(error, field) if isinstance(field, CustomerInput) else error
        elif isinstance(field, serializers.ChoiceField):
            known = ", ".join(str(choice) for choice in field.choices)
            shown[name] = [_("Unknown. Known are: %(known)s") % {"known": known} if _is_choice(one) else one for one in error]
        else:
            shown[name] = error
    return shown


def _is_choice(error: Any) -> bool:
    return isinstance(error, ErrorDetail) and error.code == "invalid_choice"
