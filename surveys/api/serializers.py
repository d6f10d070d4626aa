"""What systems read of responses and invitations, and what they write of answers given elsewhere."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from feedback_site.common.languages import Language
from feedback_site.customers.enums import Purpose
from feedback_site.delivery.enums import LateCause
from feedback_site.delivery.models import Message
from feedback_site.service_events.api.fields import (
    MomentField,
    StrictSerializer,
    refuse_what_cannot_be_stored,
)
from feedback_site.service_events.api.serializers import CustomerOutput
from surveys.enums import ELSEWHERE_MODES, InvitationOrigin, LinkState, ResponseMode, VoidReason
from surveys.models import Invitation, ResponseSource

MOST_VALUES = 200
_ONE = {"oneOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}]}


@extend_schema_field(
    {"oneOf": [_ONE, {"type": "array", "items": _ONE}, {"type": "object", "additionalProperties": _ONE}]}
)
class GivenField(serializers.Field[Any, Any, Any, Any]):
    """What was answered to one question: a value, several options as a list, or values by row or part."""

    default_error_messages = {
        "invalid": _("Send a text, a number, a list of them, or an object of them by part.")
    }

    def to_internal_value(self, data: Any) -> dict[str, list[str]]:
        """Return the values by part; those of the question as a whole by nothing."""
        if isinstance(data, dict) and len(data) <= MOST_VALUES:
            return {str(part): self._values(value) for part, value in data.items()}
        return {"": self._values(data)}

    def to_representation(self, value: Any) -> Any:
        """Write what was read: no one asks for it."""
        return value

    def _values(self, data: Any) -> list[str]:
        values = data if isinstance(data, list) else [data]
        if len(values) > MOST_VALUES or not all(isinstance(value, str | int | float) for value in values):
            self.fail("invalid")
        return [("yes" if value else "no") if isinstance(value, bool) else str(value) for value in values]


class AnswerInput(StrictSerializer):
    """An answer given elsewhere to an invitation: all `answers`, or one `score`.

    Such as an SMS reply, or a key pressed on the phone.
    """

    invitation = serializers.UUIDField()
    answers = serializers.DictField(
        child=GivenField(),
        required=False,
        help_text="Question key -> answer, as files say it, too; none is required.",
    )
    score = serializers.IntegerField(
        required=False, help_text="The answer to the first question that takes a number."
    )
    mode = serializers.ChoiceField(choices=ELSEWHERE_MODES, default=ResponseMode.IMPORTED.value)
    answered_at = MomentField(required=False, help_text="Now, where it is left out.")
    source = serializers.CharField(
        max_length=40, required=False, help_text="The system that collected the answer."
    )  # type: ignore[assignment]  # DRF takes declared fields off the class
    external_id = serializers.CharField(
        max_length=80, required=False, help_text="Its number there: it is taken in once."
    )

    def validate_answers(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Refuse names that no reply could repeat."""
        refuse_what_cannot_be_stored(answers)
        return answers

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse an answer that says nothing or two things, and a number without its system."""
        if ("answers" in attrs) == ("score" in attrs):
            raise serializers.ValidationError({"answers": [_("Send either answers or a score.")]})
        if ("source" in attrs) != ("external_id" in attrs):
            missing = "external_id" if "source" in attrs else "source"
            raise serializers.ValidationError({missing: [_("Source and number go together.")]})
        return attrs


class AnswerWarningOutput(serializers.Serializer[Any]):
    """What was kept without being counted."""

    field = serializers.CharField()
    code = serializers.CharField()


class ReceiptOutput(serializers.Serializer[Any]):
    """The answer on record: the same for a repeat."""

    invitation = serializers.UUIDField()
    answered_at = serializers.DateTimeField()
    warnings = AnswerWarningOutput(
        many=True, required=False, help_text="Answers that are kept but not counted."
    )


class SourceOutput(serializers.ModelSerializer[ResponseSource]):
    """Where an answer that was collected elsewhere comes from."""

    class Meta:
        model = ResponseSource
        fields = ("system", "external_id", "recorded_at")
        read_only_fields = fields


class OnSiteOutput(serializers.Serializer[Any]):
    """What is marked of an answer that the customer gave to a code that staff showed."""

    is_confirmed = serializers.BooleanField(
        help_text="The customer named the last four digits of the phone on record."
    )
    is_counted = serializers.BooleanField(
        help_text="It counts in the main figures; else it is shown beside them."
    )


class AskedEventOutput(serializers.Serializer[Any]):
    """The event that was asked about."""

    id = serializers.UUIDField()
    source = serializers.CharField()  # type: ignore[assignment]  # DRF takes declared fields off the class
    external_id = serializers.CharField()


class AskedOutput(serializers.Serializer[Any]):
    """What responses and invitations say of who was asked about what. Contacts are never part of it."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)
    origin = serializers.ChoiceField(choices=InvitationOrigin.choices)
    survey = serializers.SlugField(source="survey.slug", allow_null=True)
    questionnaire = serializers.SlugField(source="version.questionnaire.slug")
    version = serializers.IntegerField(source="version.number")
    service_event = AskedEventOutput(allow_null=True)
    customer = CustomerOutput(allow_null=True)
    team = serializers.CharField(source="team.code")
    credited_team = serializers.CharField(source="credited_team.code")
    agent = serializers.CharField(source="agent.code", allow_null=True)
    kind = serializers.SlugField(source="kind.slug", allow_null=True)
    channel = serializers.SlugField(source="channel.slug", allow_null=True)
    segment = serializers.SlugField(source="segment.slug", allow_null=True)
    belongs_on = serializers.DateField(help_text="The day it counts on: the completion's local date.")
    is_replayed = serializers.BooleanField()


class ResponseOutput(AskedOutput):
    """One response.

    `answers` are by question key; what is counted is repeated as `satisfaction` and `nps`.
    """

    id = serializers.UUIDField(source="pk", help_text="That of the invitation.")
    submitted_at = serializers.DateTimeField(help_text="When it was given, elsewhere too.")
    mode = serializers.ChoiceField(choices=ResponseMode.choices)
    language = serializers.ChoiceField(choices=Language.choices)
    satisfaction = serializers.IntegerField(allow_null=True)
    nps = serializers.IntegerField(allow_null=True)
    answers = serializers.DictField()
    on_site = OnSiteOutput(
        allow_null=True, default=None, help_text="How it was given to a code that staff showed; null: not so."
    )
    source = SourceOutput(
        allow_null=True, default=None, help_text="Where it was collected; null: on our own page."
    )  # type: ignore[assignment]  # DRF takes declared fields off the class

    def get_fields(self) -> dict[str, Any]:
        """Read what the invitation says off the invitation."""
        fields: dict[str, Any] = super().get_fields()
        for name in AskedOutput().fields:
            fields[str(name)].source = f"invitation.{fields[str(name)].source or name}"
        return fields


class MessageOutput(serializers.ModelSerializer[Message]):
    """One message about an invitation, without address and text."""

    late_cause = serializers.ChoiceField(choices=LateCause.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Message
        fields = (
            "step",
            "channel",
            "status",
            "end_reason",
            "due_at",
            "deadline_at",
            "sent_at",
            "is_late",
            "late_cause",
        )
        read_only_fields = fields


class InvitationOutput(AskedOutput):
    """One invitation: where it stands and what became of its messages. Neither token nor link is ever shown.

    The context holds `messages` by invitation id.
    """

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=LinkState.choices, source="link_state")
    language = serializers.ChoiceField(choices=Language.choices)
    invited_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    deadline_at = serializers.DateTimeField(allow_null=True)
    send_until = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    voided_at = serializers.DateTimeField(allow_null=True)
    void_reason = serializers.ChoiceField(choices=VoidReason.choices, allow_blank=True)
    is_in_headline = serializers.BooleanField()
    first_visited_at = serializers.SerializerMethodField()
    visits = serializers.SerializerMethodField()
    messages = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_first_visited_at(self, invitation: Invitation) -> Any:
        """When a customer first opened the link."""
        visit = invitation.visit_of_people
        return serializers.DateTimeField().to_representation(visit.first_at) if visit else None

    @extend_schema_field(OpenApiTypes.INT)
    def get_visits(self, invitation: Invitation) -> int:
        """How often the link was opened by people; 0 where a machine follows the message's links."""
        visit = invitation.visit_of_people
        return visit.count if visit else 0

    @extend_schema_field(MessageOutput(many=True))
    def get_messages(self, invitation: Invitation) -> Any:
        """The messages about it, in the order in which they were queued."""
        return MessageOutput(self.context["messages"].get(invitation.pk, []), many=True).data
