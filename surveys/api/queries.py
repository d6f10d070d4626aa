"""Filters of responses and invitations; unknown and wrong ones are refused by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from feedback_site.accounts.models import team_subtree
from feedback_site.common.clock import database_now
from feedback_site.customers.enums import Purpose
from feedback_site.service_events.api.fields import ReferenceField
from feedback_site.service_events.api.filters import DayOrMomentField, ListFilters, read_filters
from feedback_site.service_events.api.idempotency import principal_of
from feedback_site.service_events.selectors.events import References, load_references
from surveys.enums import InvitationOrigin, LinkState, ResponseMode
from surveys.models import Survey

Rows = TypeVar("Rows", bound=QuerySet[Any])
_EQUAL = ("kind", "channel", "segment", "survey", "purpose", "origin")


@dataclass(frozen=True)
class AskedReferences(References):
    """The reference tables with the survey rules."""

    surveys: Mapping[str, Survey]


class AskedQuery(ListFilters):
    """What responses and invitations are filtered by."""

    to = serializers.DateField(required=False, help_text="Counted on this day or before.")
    team = ReferenceField(
        table="teams", required=False, help_text="Code of the credited team; the teams below it count too."
    )
    kind = ReferenceField(table="kinds", required=False, help_text="Slug of a kind of service.")
    channel = ReferenceField(table="channels", required=False, help_text="Slug of a service channel.")
    segment = ReferenceField(table="segments", required=False, help_text="Slug of a customer segment.")
    survey = ReferenceField(table="surveys", required=False, help_text="Slug of a survey rule.")
    purpose = serializers.ChoiceField(choices=Purpose.choices, required=False)
    origin = serializers.ChoiceField(choices=InvitationOrigin.choices, required=False)

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, which Python keeps for itself."""
        first = serializers.DateField(
            required=False, help_text="Counted on this day or later: the local day of the completion."
        )
        return {"from": first, **super().get_fields()}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        if "from" in attrs and "to" in attrs and attrs["to"] < attrs["from"]:
            raise serializers.ValidationError({"to": [_("The period ends before it begins.")]})
        return attrs


class ResponseQuery(AskedQuery):
    """Filters of the list of responses."""

    mode = serializers.ChoiceField(choices=ResponseMode.choices, required=False)
    updated_since = DayOrMomentField(
        required=False,
        help_text=(
            "Answers given, or taken in from elsewhere, at or after this moment, or on this day or later."
        ),
    )


class InvitationQuery(AskedQuery):
    """Filters of the list of invitations."""

    state = serializers.ChoiceField(choices=LinkState.choices, required=False)
    updated_since = DayOrMomentField(
        required=False,
        help_text=(
            "Invitations made, answered or voided, or whose message was tried to send, at or after this "
            "moment or day."
        ),
    )


def read_query(kind: type[AskedQuery], request: Request) -> dict[str, Any]:
    """Return the filters of a request, or refuse them; what a key may name is what it may see."""
    key = principal_of(request)
    references = load_references(principal=key)
    surveys = {survey.slug: survey for survey in Survey.objects.for_user(key)}
    return read_filters(
        kind, request, references=AskedReferences(**vars(references), surveys=surveys), at=database_now()
    )


def filter_asked(rows: Rows, query: Mapping[str, Any], *, prefix: str = "") -> Rows:
    """Keep the rows whose invitation (at `prefix`) fits the filters that responses and invitations share."""
    lookups = {f"{prefix}{name}": query[name] for name in _EQUAL if name in query}
    if "from" in query:
        lookups[f"{prefix}belongs_on__gte"] = query["from"]
    if "to" in query:
        lookups[f"{prefix}belongs_on__lte"] = query["to"]
    if "team" in query:
        lookups[f"{prefix}credited_team_id__in"] = team_subtree(query["team"].pk)
    return rows.filter(**lookups)
