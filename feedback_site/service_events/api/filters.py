"""Filters of the API's lists.

What cannot be read is refused by name, with what is known. A day without a time is the whole day.
"""

from datetime import UTC, datetime, tzinfo
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request

from feedback_site.accounts.models import ApiKey
from feedback_site.common.api_errors import UnknownParametersError
from feedback_site.common.days import day_span
from feedback_site.common.nul_characters import NUL
from feedback_site.common.zones import company_zone
from feedback_site.service_events.api.fields import MomentField, StrictSerializer
from feedback_site.service_events.api.idempotency import principal_of

_FORMAT, _PAGES = "format", ("cursor", "page_size")
_LONGEST = 500
_LONGEST_DAY = len("2026-11-30")


class ListFilters(StrictSerializer):
    """The base of the filters of a list.

    Its context holds `at`, the present, and `zone`, by which days begin.
    """


@extend_schema_field({"type": "string", "oneOf": [{"format": "date"}, {"format": "date-time"}]})
class DayOrMomentField(MomentField):
    """A moment with its offset, or a day.

    A day is its first moment, or where the list is read until then, the first one after it.
    """

    def __init__(self, *, is_end: bool = False, may_lie_ahead: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.is_end, self.may_lie_ahead = is_end, may_lie_ahead

    def to_internal_value(self, data: Any) -> datetime:
        """Parse one day or time."""
        is_day = isinstance(data, str) and len(data.strip()) <= _LONGEST_DAY and "T" not in data
        if is_day:
            return self._end_of_day(data.strip())
        return self.parse(data) if self.may_lie_ahead else super().to_internal_value(data)

    def _end_of_day(self, text: str) -> datetime:
        zone: tzinfo = self.context["zone"]
        try:
            day = parse_date(text)
            span = None if day is None else day_span(day, zone=zone)
        except (ValueError, ValidationError):
            span = None
        if span is None:
            self.fail("invalid")
        moment = (span.after if self.is_end else span.first).astimezone(UTC)
        if not self.may_lie_ahead:
            super().to_internal_value(
                moment.isoformat()
            )  # refuses the future, and what is before records began
        return moment


def day_zone_of(key: ApiKey) -> tzinfo:
    """Return the zone by which a key's days begin: its team's, or the company's."""
    return key.team.zone if key.team is not None else company_zone()


def read_filters(
    kind: type[ListFilters], request: Request, *, references: Any = None, at: datetime, is_paged: bool = True
) -> dict[str, Any]:
    """Return the filters of a request.

    Raises a ValidationError that names what is wrong, and lists the filters that there are.
    """
    pages = _PAGES if is_paged else ()
    known = sorted([*kind().fields, *pages, _FORMAT])
    given = {name: value for name, value in parameters_of(request, known=known).items() if name not in pages}
    context = {
        "at": at,
        "references": references or SimpleNamespace(),
        "zone": day_zone_of(principal_of(request)),
    }
    query = kind(data=given, context=context)
    if not query.is_valid():
        raise UnknownParametersError(
            query.errors, unknown=[name for name in given if name not in known], known=known
        )
    return dict(query.validated_data)


def parameters_of(request: Request, *, known: list[str]) -> dict[str, str]:
    """Return the parameters of a list but the format, each given once."""
    found, wrong = {}, {}
    for name, values in request.query_params.lists():
        reason = _reason_against(name, values)
        if reason:
            wrong[name.replace(NUL, "\N{REPLACEMENT CHARACTER}")] = [reason]
        elif name != _FORMAT:
            # An offset's plus sign that was not quoted arrives as a space; no other value holds one.
            found[name] = values[-1].replace(" ", "+")
    if wrong:
        raise UnknownParametersError(wrong, unknown=[], known=known)
    return found


def _reason_against(name: str, values: list[str]) -> str:
    if any(NUL in text for text in (name, *values)):
        return _("It holds a character that no text can hold (NUL).")
    if any(len(value) > _LONGEST for value in values):
        return _("It is longer than %(most)d characters.") % {"most": _LONGEST}
    return _("It is given more than once.") if len(values) > 1 else ""


__all__ = ["DayOrMomentField", "ListFilters", "day_zone_of", "parameters_of", "read_filters"]
