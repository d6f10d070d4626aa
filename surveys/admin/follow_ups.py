"""Follow-up requests: answers that staff should go back to."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.list_filters import DayTimeRangeFilter
from surveys.enums import FollowUpReason
from surveys.models import FollowUpRequest

_COLOURS = {
    FollowUpReason.LOW_SCORE: "danger",
    FollowUpReason.DETRACTOR: "warning",
    FollowUpReason.CALL_BACK: "info",
}


@admin.register(FollowUpRequest)
class FollowUpRequestAdmin(ReadOnlyModelAdmin):
    list_display = ("shown_event", "shown_reason", "score", "team", "shown_survey", "requested_at")
    list_filter = (
        "reason",
        "response__invitation__survey",
        "response__invitation__credited_team",
        ("requested_at", DayTimeRangeFilter),
    )
    list_filter_submit = True
    list_select_related = (
        "response__invitation__service_event",
        "response__invitation__credited_team",
        "response__invitation__survey",
        "response__invitation__kind",
    )
    ordering = ("-pk",)
    search_fields = ("response__invitation__service_event__external_id",)
    search_help_text = _("Ticket number.")
    fields = (
        "shown_event",
        "response",
        ("shown_reason", "score", "slot"),
        ("team", "shown_survey"),
        "requested_at",
    )
    readonly_fields = ("shown_event", "shown_reason", "team", "shown_survey")

    @display(description=_("service event"), header=True)
    def shown_event(self, request: FollowUpRequest) -> tuple[str, str]:
        """The event answered about, above its kind."""
        invitation = request.response.invitation
        event = invitation.service_event
        return (str(event) if event else str(invitation.pk)), invitation.kind.name if invitation.kind else ""

    @display(description=_("reason"), ordering="reason", label=_COLOURS)
    def shown_reason(self, request: FollowUpRequest) -> tuple[str, Any]:
        """Why staff should go back."""
        return request.reason, request.get_reason_display()

    @display(description=_("counts for team"))
    def team(self, request: FollowUpRequest) -> str:
        """Whose work it was."""
        return str(request.response.invitation.credited_team)

    @display(description=_("survey rule"))
    def shown_survey(self, request: FollowUpRequest) -> str:
        """The rule that asked, else the purpose."""
        invitation = request.response.invitation
        return str(invitation.survey or invitation.get_purpose_display())
