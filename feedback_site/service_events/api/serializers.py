"""What service systems write and read."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from feedback_site.accounts.models import Team
from feedback_site.common.languages import Language
from feedback_site.common.listing import listed
from feedback_site.customers.enums import CONSENT_PURPOSES
from feedback_site.customers.services import CustomerEntry
from feedback_site.service_events.api.contacts import (
    ContactField,
    known_agent,
    usable_contacts,
    with_contact_errors,
)
from feedback_site.service_events.api.fields import (
    MomentField,
    NumberField,
    ReferenceField,
    SourceField,
    StrictSerializer,
    is_no_customer,
    refuse_what_cannot_be_stored,
)
from feedback_site.service_events.api.filters import DayOrMomentField, ListFilters
from feedback_site.service_events.enums import Area, Complexity, Level, Priority, TransitionType
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from feedback_site.service_events.rules.events import COMPLETION_FACTS, CORRECTABLE_FACTS, NOT_BEFORE_OPENING
from feedback_site.service_events.services import EventSubmission

_MOST_HANDOVERS = 1000
_MOST_ATTRIBUTES = 100


class ConsentField(serializers.DictField):
    """Purposes and whether the customer allowed them."""

    child = serializers.BooleanField()

    def to_internal_value(self, data: Any) -> dict[str, bool]:
        """Refuse unknown purposes by name."""
        value: dict[str, bool] = super().to_internal_value(data)
        unknown = {
            name: [_("Unknown. Known are: %(known)s") % {"known": listed(CONSENT_PURPOSES)}] for name in value
        }
        unknown = {name: errors for name, errors in unknown.items() if name not in CONSENT_PURPOSES}
        if unknown:
            raise serializers.ValidationError(unknown)
        return value


class CustomerInput(StrictSerializer):
    """The customer as the service system knows them.

    A name, phone or email that cannot be used is left out, and `warnings` name it.
    """

    external_id = NumberField(is_unknown=is_no_customer)
    name = ContactField()
    phone = ContactField()
    email = ContactField()
    language = serializers.ChoiceField(
        choices=Language.choices, required=False, allow_null=True, allow_blank=True
    )
    segment = ReferenceField(table="segments", required=False, allow_null=True)


class ServiceEventInput(StrictSerializer):
    """One service event. Times are ISO 8601 with an offset; unknown fields are refused."""

    source = SourceField()  # type: ignore[assignment]  # DRF takes declared fields off the class
    external_id = NumberField()
    kind = ReferenceField(table="kinds")
    channel = ReferenceField(table="channels")
    team = ReferenceField(table="teams")
    # A word for “not known” is left out, and `warnings` name it.
    agent = NumberField(
        max_length=40, is_unknown=lambda _number: False, required=False, allow_null=True, allow_blank=True
    )
    customer = CustomerInput()
    opened_at = MomentField()
    first_response_at = MomentField(required=False, allow_null=True)
    completed_at = MomentField(required=False, allow_null=True)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False, allow_null=True)
    is_complaint = serializers.BooleanField(required=False, allow_null=True)
    is_resolved = serializers.BooleanField(required=False, allow_null=True)
    level = serializers.ChoiceField(choices=Level.choices, required=False, allow_null=True)
    complexity = serializers.ChoiceField(choices=Complexity.choices, required=False, allow_null=True)
    handovers = serializers.IntegerField(
        min_value=0, max_value=_MOST_HANDOVERS, required=False, allow_null=True
    )
    area = serializers.ChoiceField(choices=Area.choices, required=False, allow_null=True)
    arrived_at = MomentField(required=False, allow_null=True)
    eta_told_at = MomentField(required=False, allow_null=True)
    product_line = serializers.CharField(max_length=80, required=False, allow_null=True, allow_blank=True)
    warranty = serializers.BooleanField(required=False, allow_null=True)
    consent = ConsentField(required=False, allow_null=True)
    attributes = serializers.DictField(
        required=False, allow_null=True, validators=[refuse_what_cannot_be_stored]
    )

    def validate_attributes(self, value: dict[str, Any] | None) -> dict[str, Any] | None:
        """Keep free facts to a size that lists can show."""
        if value and len(value) > _MOST_ATTRIBUTES:
            raise serializers.ValidationError(_("At most %(most)d attributes.") % {"most": _MOST_ATTRIBUTES})
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse times that contradict the opening."""
        stated = [name for name in NOT_BEFORE_OPENING if attrs.get(name) is not None]
        early = [name for name in stated if attrs[name] < attrs["opened_at"]]
        if early:
            sentence = _("This is before the service event was registered.")
            raise serializers.ValidationError({name: [ErrorDetail(sentence, code="early")] for name in early})
        return attrs

    def parse(self, data: Any) -> EventSubmission:
        """Return the event for the service; one serializer parses any number of bodies.

        Raises `ValidationError` naming every wrong field.

        `null` and an empty text say the same as leaving a field out.
        """
        try:
            read = self.run_validation(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError(with_contact_errors(error.detail, data)) from None
        data = {name: value for name, value in read.items() if value not in (None, "")}
        customer, left_out = usable_contacts(
            {name: value for name, value in data.pop("customer").items() if value not in (None, "")}
        )
        data["agent"], agent_left_out = known_agent(data.get("agent", ""))
        if "warranty" in data:
            data["is_in_warranty"] = data.pop("warranty")
        return EventSubmission(
            customer=CustomerEntry(source=data["source"], **customer),
            left_out=(*left_out, *agent_left_out),
            **data,
        )


class TransitionInput(StrictSerializer):
    """What happened to an event later.

    A completion may bring the facts known only then, a correction any of those below with
    `team`, and what is superseded names the event of the same source that replaces it. The
    credited team, agent, kind, channel, segment and customer of an event are never rewritten.
    """

    type = serializers.ChoiceField(choices=TransitionType.choices)
    at = MomentField()
    is_resolved = serializers.BooleanField(required=False, allow_null=True)
    first_response_at = MomentField(required=False, allow_null=True)
    arrived_at = MomentField(required=False, allow_null=True)
    handovers = serializers.IntegerField(
        min_value=0, max_value=_MOST_HANDOVERS, required=False, allow_null=True
    )
    team = ReferenceField(table="teams", required=False, allow_null=True)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False, allow_null=True)
    is_complaint = serializers.BooleanField(required=False, allow_null=True)
    level = serializers.ChoiceField(choices=Level.choices, required=False, allow_null=True)
    complexity = serializers.ChoiceField(choices=Complexity.choices, required=False, allow_null=True)
    area = serializers.ChoiceField(choices=Area.choices, required=False, allow_null=True)
    eta_told_at = MomentField(required=False, allow_null=True)
    product_line = serializers.CharField(max_length=80, required=False, allow_null=True, allow_blank=True)
    warranty = serializers.BooleanField(required=False, allow_null=True)
    superseded_by = serializers.CharField(max_length=80, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse facts where they do not belong, and a correction of nothing."""
        kind = TransitionType(attrs["type"])
        allowed = _BROUGHT_BY.get(kind, frozenset())
        foreign = [name for name in _BELONGS if name not in allowed]
        wrong = {name: [_(_BELONGS[name])] for name in foreign if attrs.get(name) not in (None, "")}
        if wrong:
            raise serializers.ValidationError(wrong)
        if kind is TransitionType.SUPERSEDED and not attrs.get("superseded_by"):
            raise serializers.ValidationError({"superseded_by": [_("Say which event replaces this one.")]})
        if kind is TransitionType.CORRECTED and not self._sent(attrs):
            raise serializers.ValidationError({"type": [_("A correction says what is corrected.")]})
        return attrs

    def facts(self) -> dict[str, Any]:
        """Return the facts that were sent, by the event's columns."""
        sent = self._sent(self.validated_data)
        return {"is_in_warranty" if name == "warranty" else name: value for name, value in sent.items()}

    def details(self) -> dict[str, Any]:
        """Return what was sent in the form that is stored with the transition."""
        number = self.validated_data.get("superseded_by")
        return {name: _plain(value) for name, value in self._sent(self.validated_data).items()} | (
            {"superseded_by": number} if number else {}
        )

    def _sent(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {name: attrs[name] for name in _CORRECTED if attrs.get(name) not in (None, "")}


_CORRECTED = sorted("warranty" if name == "is_in_warranty" else name for name in CORRECTABLE_FACTS)
_BROUGHT_BY = {
    TransitionType.COMPLETED: COMPLETION_FACTS,
    TransitionType.CORRECTED: frozenset(_CORRECTED),
    TransitionType.SUPERSEDED: frozenset({"superseded_by"}),
}
_BELONGS = {
    **dict.fromkeys(_CORRECTED, gettext_noop("Only a correction may have this.")),
    **dict.fromkeys(COMPLETION_FACTS, gettext_noop("Only a completion or a correction may have this.")),
    "superseded_by": gettext_noop("Only an event that is superseded has this."),
}


class NumberedTransitionInput(TransitionInput):
    """A transition of the event that the source knows by this number."""

    source = SourceField()  # type: ignore[assignment]  # DRF takes declared fields off the class
    external_id = NumberField()


class CustomerOutput(serializers.Serializer[Any]):
    """Who was served, by numbers only: contacts are never part of it."""

    id = serializers.UUIDField()
    external_id = serializers.CharField()


class ServiceEventOutput(serializers.ModelSerializer[ServiceEvent]):
    """One event on record, with what became of it."""

    kind = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    channel = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    credited_team = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    agent = serializers.SlugRelatedField[Any](slug_field="code", read_only=True, allow_null=True)
    segment = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True, allow_null=True)
    superseded_by = serializers.UUIDField(source="superseded_by_id", read_only=True, allow_null=True)
    warranty = serializers.BooleanField(source="is_in_warranty", read_only=True, allow_null=True)
    customer = CustomerOutput(read_only=True)
    complexity = serializers.ChoiceField(choices=Complexity.choices, allow_blank=True, read_only=True)
    area = serializers.ChoiceField(choices=Area.choices, allow_blank=True, read_only=True)

    class Meta:
        model = ServiceEvent
        fields: tuple[str, ...] = (
            *(
                "id",
                "source",
                "external_id",
                "status",
                "kind",
                "channel",
                "team",
                "credited_team",
                "agent",
                "segment",
                "customer",
            ),
            *(
                "opened_at",
                "first_response_at",
                "completed_at",
                "priority",
                "is_complaint",
                "is_resolved",
                "level",
                "complexity",
            ),
            *(
                "handovers",
                "area",
                "arrived_at",
                "eta_told_at",
                "product_line",
                "warranty",
                "attributes",
                "is_replayed",
            ),
            *("superseded_by", "recorded_at", "updated_at"),
        )
        read_only_fields: tuple[str, ...] = fields


class TransitionOutput(serializers.ModelSerializer[ServiceEventTransition]):
    """One later fact on record."""

    class Meta:
        model = ServiceEventTransition
        fields = ("id", "event", "type", "at", "details", "recorded_at")
        read_only_fields = fields


class EventQuery(ListFilters):
    """Filters of the list."""

    updated_since = DayOrMomentField(
        required=False, help_text="Events changed at or after this moment, or on this day or later."
    )
    team = ReferenceField(
        table="teams", required=False, help_text="Code of a team; the teams below it count too."
    )
    kind = ReferenceField(table="kinds", required=False)
    channel = ReferenceField(table="channels", required=False)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.code if isinstance(value, Team) else value
