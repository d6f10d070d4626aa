"""Rows into submissions, by the rules of the API."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from feedback_site.accounts.models import User
from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import in_sequence, listed
from feedback_site.common.table_files import FileRow, IsHeading, Table
from feedback_site.service_events.api.event_files.mapping import ATTRIBUTES, LATER, EventMapping, LaterInput
from feedback_site.service_events.api.event_files.references import create_missing_references
from feedback_site.service_events.api.event_files.rows import body_of_row
from feedback_site.service_events.api.event_files.wording import RowWords, words_of
from feedback_site.service_events.api.fields import MomentField
from feedback_site.service_events.api.serializers import CustomerInput, ServiceEventInput
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.selectors.events import load_references
from feedback_site.service_events.services.importing import ParsedRow, RowParser

LATER_TYPES = {"cancelled_at": TransitionType.CANCELLED, "reopened_at": TransitionType.REOPENED}
# What a file that staff upload may not do: make teams, or customers' contacts.
_FOR_OPERATORS = ("create_missing", "contacts")


def make_parser(*, mapping: Mapping[str, Any], table: Table, principal: User | None) -> RowParser:
    """Return the parser of a file's rows; see `services.importing.parsing.RowParserMaker`."""
    if principal is not None:
        _refuse_for_staff(mapping)
    return EventRows(EventMapping.parse(dict(mapping)).for_table(table), principal)


@dataclass(frozen=True)
class EventRows:
    """The rows of one file, read by its mapping; a principal names only what is within its scope."""

    mapping: EventMapping
    principal: User | None

    def __call__(self, rows: Sequence[FileRow], at: datetime, /) -> Sequence[ParsedRow | str]:
        """Return what each row says, or what is wrong with it."""
        references = load_references(principal=self.principal)
        serializer = ServiceEventInput(context={"at": at, "references": references})
        words = words_of(references)
        return [_parse(row, self.mapping, serializer, words) for row in self._completed(rows)]

    def goes_on(self, row: FileRow, above: FileRow) -> bool:
        """Return whether a row adds nothing to the case above it but what belongs to an appliance."""
        if row.problem or above.problem:
            return False
        if not row.cells.get(self.mapping.columns.get("external_id", ""), "").strip():
            return self._is_another_appliance(row)
        return all(row.cells.get(column) == above.cells.get(column) for column in self._of_the_case)

    def column_of(self, name: str) -> str:
        """Return what the file calls a field."""
        return self.mapping.columns.get(name, name)

    def in_its_zone(self, moment: str) -> str:
        """Return a time in ISO 8601 in the zone of the file."""
        zone = self.mapping.time_zone
        return datetime.fromisoformat(moment).astimezone(zone).isoformat() if zone else moment

    def _is_another_appliance(self, row: FileRow) -> bool:
        said = {name for name, column in self.mapping.columns.items() if row.cells.get(column, "").strip()}
        return bool(said) and all(map(_is_of_appliance, said))

    def _completed(self, rows: Sequence[FileRow]) -> Iterator[FileRow]:
        """Yield the rows, each with what it leaves to the row above it, as merged cells do."""
        above: FileRow | None = None
        for row in rows:
            if above is not None and self.goes_on(row, above):
                left_out = {
                    column: above.cells[column] for column in above.cells if not row.cells[column].strip()
                }
                shared = {column: text for column, text in left_out.items() if column in self._of_the_case}
                row = replace(row, cells={**row.cells, **shared}) if self._is_another_appliance(row) else row  # noqa: PLW2901 - the same row, whole
            above = row
            yield row

    @cached_property
    def _of_the_case(self) -> set[str]:
        return {column for name, column in self.mapping.columns.items() if not _is_of_appliance(name)}


def _is_of_appliance(name: str) -> bool:
    """Whether a field says something of one appliance, of which a case may have several."""
    return name == "product_line" or name.startswith(ATTRIBUTES)


def heading_test(mapping: Mapping[str, Any]) -> IsHeading:
    """Return what tells the headings of a file from other texts.

    A wrong mapping is refused when the parser is made.
    """
    try:
        return EventMapping.parse(dict(mapping)).is_heading()
    except DomainError:
        return EventMapping().is_heading()


def _refuse_for_staff(mapping: Mapping[str, Any]) -> None:
    named = [name for name in _FOR_OPERATORS if mapping.get(name)]
    if named:
        raise DomainError(
            _("Only the command line understands this part of a mapping: %(names)s.")
            % {"names": listed(named)}
        )


def _parse(
    row: FileRow, mapping: EventMapping, serializer: ServiceEventInput, words: RowWords
) -> ParsedRow | str:
    body, wrong = body_of_row(row, mapping, words)
    create_missing_references(body, serializer.context["references"], mapping)
    later, errors = _later(body, serializer.context)
    try:
        submission = serializer.parse(body)
    except ValidationError as error:
        errors |= error.detail if isinstance(error.detail, dict) else {"": error.detail}
    if errors:
        return in_sequence(mapping.sentences_for(_with_causes(_without_values(errors, serializer), wrong)))
    warnings = {one.field: [str(one.fault.label)] for one in submission.left_out} | mapping.warnings_of(row)
    return in_sequence(mapping.sentences_for(wrong)) or ParsedRow(
        submission, mapping.sentences_for(warnings), later
    )


def _later(
    body: dict[str, Any], context: Mapping[str, Any]
) -> tuple[dict[TransitionType, datetime], dict[str, Any]]:
    """Take out of a body what happened to the event later.

    Returns it by type, and what is wrong with it by field.
    """
    serializer = LaterInput(
        data={name: body.pop(name) for name in LATER & body.keys()}, context=dict(context)
    )
    if not serializer.is_valid():
        return {}, {
            name: _advice(error, serializer.fields.get(name)) for name, error in serializer.errors.items()
        }
    return {LATER_TYPES[name]: moment for name, moment in serializer.validated_data.items()}, {}


def _with_causes(errors: Mapping[str, Any], wrong: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return the errors of a body, in terms of the cells that they came from where known."""
    nested = {name: error for name, error in errors.items() if isinstance(error, Mapping)}
    inner = {
        f"{group}.{name}": error
        for group, errors_of_group in nested.items()
        for name, error in errors_of_group.items()
    }
    return {**{name: error for name, error in errors.items() if name not in nested}, **inner, **wrong}


def _without_values(errors: Mapping[str, Any], serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    """Say what could be chosen, without repeating the cell.

    Where columns have slipped, a cell may hold a person's number.
    """
    shown: dict[str, Any] = {}
    for name, error in errors.items():
        field = serializer.fields.get(name)
        if isinstance(error, Mapping):
            shown[name] = (
                _without_values(error, field) if isinstance(field, CustomerInput) else _advised(error, field)
            )
        elif isinstance(field, serializers.ChoiceField):
            known = listed(str(choice) for choice in field.choices)
            shown[name] = [
                _("Unknown. Known are: %(known)s") % {"known": known} if _is_choice(one) else one
                for one in error
            ]
        else:
            shown[name] = _advice(error, field)
    return shown


def _advised(errors: Mapping[str, Any], group: Any) -> dict[str, Any]:
    return {name: _advice(error, getattr(group, "child", None)) for name, error in errors.items()}


def _advice(errors: Any, field: Any) -> Any:
    """Say how people write what a field takes, instead of what the API calls it."""
    words = {
        serializers.BooleanField: _(
            "This is not understood. Write “yes” or “是”, “no” or “否”, or leave it empty where it is not "
            "known."
        ),
        MomentField: _("This is not a date and time. Write it like 2026-01-31 09:30."),
    }
    sentence = next((said for kind, said in words.items() if isinstance(field, kind)), None)
    if sentence is None or isinstance(errors, Mapping):
        return errors
    return [sentence if isinstance(one, ErrorDetail) and one.code == "invalid" else one for one in errors]


def _is_choice(error: Any) -> bool:
    return isinstance(error, ErrorDetail) and error.code == "invalid_choice"
