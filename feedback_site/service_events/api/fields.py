"""Fields that refuse by name what cannot be true."""

import math
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from feedback_site.common.listing import listed
from feedback_site.common.table_files import SENTENCES, CellMark, has_lost_digits, says_nothing
from feedback_site.common.table_files.words import plain
from feedback_site.service_events.rules.events import is_before_records_began, is_in_the_future

_MOST_LISTED = 200
_DEEPEST = 8
# No clock on earth is further from Greenwich, and PostgreSQL refuses 16 hours and more.
_LARGEST_OFFSET = timedelta(hours=14)


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses unknown fields by name, together with whatever else is wrong."""

    def to_internal_value(self, data: Any) -> Any:
        """Parse, then add the unknown fields to the errors."""
        unknown = (
            {str(name): [_("Unknown field.")] for name in data if name not in self.fields}
            if isinstance(data, Mapping)
            else {}
        )
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            wrong = {**error.detail, **unknown} if isinstance(error.detail, dict) else error.detail
            raise serializers.ValidationError(_writable(wrong)) from None
        if unknown:
            raise serializers.ValidationError(_writable(unknown))
        return value


def _writable(errors: Any) -> Any:
    """Return errors whose names a reply can repeat.

    JSON escapes may bring half a character, which UTF-8 cannot hold.
    """
    if not isinstance(errors, Mapping):
        return errors
    return {str(name).encode(errors="replace").decode(): _writable(part) for name, part in errors.items()}


class StrictSchema(OpenApiSerializerExtension):
    """Says of every strict serializer in the OpenAPI document that it takes no other fields."""

    target_class = StrictSerializer
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Describe the fields, and that there are no others."""
        fields = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)  # noqa: SLF001 - the way its documentation shows
        return {**fields, "additionalProperties": False}


@extend_schema_field(OpenApiTypes.DATETIME)
class MomentField(serializers.Field[datetime, Any, str, Any]):
    """A moment with its offset. The serializer's context holds `at`, the present."""

    default_error_messages = {
        "invalid": _("This is not an ISO 8601 time."),
        "naive": _("This time has no offset; write it like 2026-01-31T09:30:00+08:00."),
        "future": _("This time is in the future."),
        "ancient": _("This time is before the year 2000."),
    }

    def to_internal_value(self, data: Any) -> datetime:
        """Parse one time within what can have happened."""
        moment = self.parse(data)
        if is_before_records_began(moment):
            self.fail("ancient")
        if is_in_the_future(moment, at=self.context["at"]):
            self.fail("future")
        return moment

    def parse(self, data: Any) -> datetime:
        """Parse one time with its offset.

        The offset is not optional, because guessing it would move answers to another day.
        """
        try:
            moment = parse_datetime(data) if isinstance(data, str) else None
        except ValueError:
            moment = None
        if moment is None:
            self.fail("invalid")
        offset = moment.utcoffset()
        if offset is None:
            self.fail("naive")
        if abs(offset) > _LARGEST_OFFSET:
            self.fail("invalid")
        return moment

    def to_representation(self, value: datetime) -> str:
        """Write the time with its offset."""
        return value.isoformat()


@extend_schema_field(OpenApiTypes.STR)
class ReferenceField(serializers.Field[Any, Any, str, Any]):
    """A row of a reference table by code or slug; `table` names the table in the context's `references`."""

    default_error_messages = {"unknown": _("Unknown. Known are: %(known)s")}

    def __init__(self, *, table: str, **options: Any) -> None:
        self.table = table
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Any:
        """Return the row, or refuse with the list of those that the caller may name."""
        known: dict[str, Any] = getattr(self.context["references"], self.table)
        if not isinstance(data, str) or data not in known:
            names = listed(sorted(known)[:_MOST_LISTED]) or "-"
            raise serializers.ValidationError(
                str(self.error_messages["unknown"]) % {"known": names}, code="unknown"
            )
        return known[data]

    def to_representation(self, value: Any) -> str:
        """Write the code or slug."""
        return str(getattr(value, "code", None) or value.slug)


class NumberField(serializers.CharField):
    """What a system calls a ticket or a customer.

    A word for “not known” would make one customer of many, and so would lost digits.
    """

    default_error_messages = {
        "unknown": _("This stands where a number is not known. Leave the row out, or give it a number.")
    }

    def __init__(self, *, is_unknown: Callable[[str], bool] = says_nothing, **options: Any) -> None:
        self.is_unknown = is_unknown
        super().__init__(**{"max_length": 80, **options})

    def to_internal_value(self, data: Any) -> str:
        """Return the number as it was written, without marks that people do not see."""
        if isinstance(data, float):
            self.fail("invalid")
        number = "".join(
            char for char in super().to_internal_value(data) if unicodedata.category(char) != "Cf"
        ).strip()
        if has_lost_digits(number):
            raise serializers.ValidationError(str(SENTENCES[CellMark.LOST]), code="lost")
        if self.is_unknown(number):
            self.fail("unknown")
        return number


def is_no_customer(number: str) -> bool:
    """Return whether a customer's number names none: a word that says nothing, or zeros alone."""
    return says_nothing(number) or not set(plain(number)) - {"0"}


class SourceField(serializers.CharField):
    """The system that an event comes from, among those that the caller is bound to."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=40, **options)

    def run_validation(self, data: Any = serializers.empty) -> str:
        """Return the source, or refuse with the list of those that the caller may name."""
        source: str = super().run_validation(data)
        references = self.context["references"]
        if not references.may_name(source):
            allowed = listed(sorted(references.sources or ())[:_MOST_LISTED])
            sentence = (
                _("Unknown. Known are: %(known)s") % {"known": allowed}
                if allowed
                else _("This source is the site's own.")
            )
            raise serializers.ValidationError(sentence, code="unknown")
        return source


def refuse_what_cannot_be_stored(value: Any, *, depth: int = 0) -> None:
    """Validator for free JSON: no endless nesting, no NUL, no half characters, no infinite numbers."""
    if depth > _DEEPEST:
        raise serializers.ValidationError(_("This is nested too deeply."))
    if isinstance(value, str) and not _is_storable(value):
        raise serializers.ValidationError(_("This text holds characters that cannot be stored."))
    if isinstance(value, float) and not math.isfinite(value):
        raise serializers.ValidationError(_("This number is not finite."))
    for part in _parts_of(value):
        refuse_what_cannot_be_stored(part, depth=depth + 1)


def _parts_of(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _is_storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
