"""Filters of the API; unknown and wrong ones are refused by name."""

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from feedback_site.accounts.models import ApiKey
from feedback_site.common.clock import database_now
from feedback_site.service_events.api.fields import ReferenceField
from feedback_site.service_events.api.filters import DayOrMomentField, ListFilters, read_filters
from feedback_site.service_events.selectors.events import load_references
from nps.enums import CampaignStatus
from nps.models import Programme
from surveys.models import Survey

_QUARTER = re.compile(r"([12]\d{3})-Q([1-4])")
_MONTHS = 3
_OF_CAMPAIGNS = ("programme", "campaign", "quarter")
_OF_SURVEYS = ("from", "to", "team", "channel", "kind", "segment")


@extend_schema_field(OpenApiTypes.STR)
class QuarterField(serializers.Field[date, Any, str, Any]):
    """A quarter by its first day, written like 2026-Q4."""

    default_error_messages = {"invalid": _("Write a quarter like 2026-Q4.")}

    def to_internal_value(self, data: Any) -> date:
        """Return the quarter's first day."""
        match = _QUARTER.fullmatch(data) if isinstance(data, str) else None
        if match is None:
            self.fail("invalid")
        return date(int(match[1]), (int(match[2]) - 1) * _MONTHS + 1, 1)

    def to_representation(self, value: date) -> str:
        """Write the quarter."""
        return f"{value.year}-Q{(value.month - 1) // _MONTHS + 1}"


class CampaignQuery(ListFilters):
    """Filters of the list of campaigns."""

    programme = ReferenceField(table="programmes", required=False, help_text="Slug of a programme.")
    quarter = QuarterField(required=False, help_text="A quarter like 2026-Q4.")
    status = serializers.ChoiceField(choices=CampaignStatus.choices, required=False)
    updated_since = DayOrMomentField(
        required=False,
        help_text="Campaigns whose state changed at or after this moment, or on this day or later.",
    )


class ScoreQuery(ListFilters):
    """Filters of the score: of campaigns, or with `survey` of answers about services."""

    programme = ReferenceField(table="programmes", required=False, help_text="Slug of a programme.")
    campaign = serializers.UUIDField(required=False, help_text="Id of one campaign.")
    quarter = QuarterField(
        required=False, help_text="A quarter like 2026-Q4; default: the latest campaign of each programme."
    )
    survey = ReferenceField(
        table="surveys",
        required=False,
        help_text="Slug of a survey rule: the score of its answers, imported ones too.",
    )
    to = serializers.DateField(
        required=False, help_text="With `survey`: last day, included, local to each team."
    )
    team = ReferenceField(
        table="teams",
        required=False,
        help_text="With `survey`: code of a team; the teams below it count too.",
    )
    channel = ReferenceField(
        table="channels", required=False, help_text="With `survey`: slug of a service channel."
    )
    kind = ReferenceField(
        table="kinds", required=False, help_text="With `survey`: slug of a kind of service."
    )
    segment = ReferenceField(
        table="segments", required=False, help_text="With `survey`: slug of a customer segment."
    )

    def get_fields(self) -> dict[str, Any]:
        """Add `from`, which Python keeps for itself."""
        first = serializers.DateField(
            required=False, help_text="With `survey`: first day, local to each team."
        )
        return {**super().get_fields(), "from": first}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse filters that the chosen score has not, and a period that ends before it begins."""
        foreign = _OF_CAMPAIGNS if "survey" in attrs else _OF_SURVEYS
        reason = _("Not together with a survey.") if "survey" in attrs else _("Only together with a survey.")
        wrong = {name: [reason] for name in foreign if name in attrs}
        if wrong:
            raise serializers.ValidationError(wrong)
        if "from" in attrs and "to" in attrs and attrs["to"] < attrs["from"]:
            raise serializers.ValidationError({"to": [_("The period ends before it begins.")]})
        return attrs


def read_query(serializer: type[ListFilters], request: Request, key: ApiKey) -> dict[str, Any]:
    """Return the filters of a request, or refuse them; what a key may name is what it may see."""
    return read_filters(
        serializer,
        request,
        references=_references(key),
        at=database_now(),
        is_paged=serializer is not ScoreQuery,
    )


def _references(key: ApiKey) -> SimpleNamespace:
    return SimpleNamespace(
        **vars(load_references(principal=key)),
        programmes={programme.slug: programme for programme in Programme.objects.for_user(key)},
        surveys={survey.slug: survey for survey in Survey.objects.for_user(key)},
    )
