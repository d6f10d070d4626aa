"""What systems read of return visits: ids and facts, no personal data, and no notes, which people write."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from feedback_site.service_events.api.fields import ReferenceField
from feedback_site.service_events.api.filters import DayOrMomentField, ListFilters
from visits.enums import VisitOutcome, VisitStatus, VisitTrigger
from visits.models import Escalation, ReturnVisit, VisitAttempt


class AttemptOutput(serializers.ModelSerializer[VisitAttempt]):
    """One call or visit, and what it brought."""

    class Meta:
        model = VisitAttempt
        fields = ("number", "made_at", "outcome", "next_attempt_at")
        read_only_fields = fields


class EscalationOutput(serializers.ModelSerializer[Escalation]):
    """What followed a verdict of not resolved."""

    class Meta:
        model = Escalation
        fields = ("id", "status", "opened_at", "deadline_at", "closed_at", "problem")
        read_only_fields = fields


class VisitOutput(serializers.ModelSerializer[ReturnVisit]):
    """One return visit; `outcome` is empty while it is open.

    `interview` is the invitation whose response holds the script's answers.
    """

    plan = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    credited_team = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    agent = serializers.SlugRelatedField[Any](slug_field="code", read_only=True, allow_null=True)
    outcome = serializers.ChoiceField(choices=VisitOutcome.choices, allow_blank=True, read_only=True)
    interview = serializers.UUIDField(source="invitation_id", read_only=True, allow_null=True)
    attempts = serializers.SerializerMethodField()
    escalation = serializers.SerializerMethodField()

    class Meta:
        model = ReturnVisit
        fields: tuple[str, ...] = (
            *(
                "id",
                "plan",
                "trigger",
                "case_id",
                "service_event",
                "customer",
                "team",
                "credited_team",
                "agent",
                "mode",
                "status",
            ),
            *(
                "outcome",
                "planned_at",
                "due_from",
                "due_at",
                "max_attempts",
                "attempts_made",
                "next_attempt_at",
                "interview",
            ),
            *("closed_at", "updated_at", "attempts", "escalation"),
        )
        read_only_fields: tuple[str, ...] = fields

    @extend_schema_field(AttemptOutput(many=True))
    def get_attempts(self, visit: ReturnVisit) -> list[dict[str, Any]]:
        """The attempts, first to last."""
        rows = sorted(visit.attempts.all(), key=lambda attempt: attempt.number)
        return list(AttemptOutput(rows, many=True).data)

    @extend_schema_field(EscalationOutput(allow_null=True))
    def get_escalation(self, visit: ReturnVisit) -> dict[str, Any] | None:
        """The escalation, where there is one."""
        escalation: Escalation | None = getattr(visit, "escalation", None)
        return None if escalation is None else dict(EscalationOutput(escalation).data)


class VisitQuery(ListFilters):
    """Filters of the list."""

    trigger = serializers.ChoiceField(choices=VisitTrigger.choices, required=False)
    status = serializers.ChoiceField(choices=VisitStatus.choices, required=False)
    outcome = serializers.ChoiceField(choices=VisitOutcome.choices, required=False)
    team = ReferenceField(
        table="teams", required=False, help_text="Code of a team; the teams below it count too."
    )
    due_from = DayOrMomentField(
        may_lie_ahead=True, required=False, help_text="Visits due at or after this moment or day."
    )
    due_until = DayOrMomentField(
        is_end=True,
        may_lie_ahead=True,
        required=False,
        help_text="Visits due before this moment, or on this day or before.",
    )
    updated_since = DayOrMomentField(
        required=False, help_text="Visits changed at or after this moment, or on this day or later."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a range that ends before it begins."""
        if "due_from" in attrs and "due_until" in attrs and attrs["due_until"] <= attrs["due_from"]:
            raise serializers.ValidationError({"due_until": [_("The range must not end before it begins.")]})
        return attrs
