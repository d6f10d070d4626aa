"""Event decisions: what became of each completed event."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.list_filters import DayTimeRangeFilter
from surveys.enums import DecisionReason, InvitationOrigin
from surveys.models import EventDecision

INVITED = "invited"
ELSEWHERE = "elsewhere"


class OutcomeFilter(admin.SimpleListFilter):
    """Invited, answered elsewhere, or one of the reasons why not."""

    title = _("outcome")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Offer all outcomes."""
        return [
            (INVITED, _("invited")),
            (ELSEWHERE, InvitationOrigin.IMPORTED.label),
            *DecisionReason.choices,
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[EventDecision]) -> QuerySet[EventDecision]:
        """Keep the chosen outcome."""
        chosen = self.value()
        if chosen is None:
            return queryset
        if chosen == ELSEWHERE:
            return queryset.filter(invitation__origin=InvitationOrigin.IMPORTED)
        if chosen == INVITED:
            return queryset.filter(reason="").exclude(invitation__origin=InvitationOrigin.IMPORTED)
        return queryset.filter(reason=chosen)


@admin.register(EventDecision)
class EventDecisionAdmin(ReadOnlyModelAdmin):
    list_display = ("service_event", "kind", "team", "completed_at", "outcome", "survey", "decided_at")
    list_filter = (OutcomeFilter, "survey", ("decided_at", DayTimeRangeFilter))
    list_filter_submit = True
    list_select_related = (
        "service_event__kind",
        "service_event__credited_team",
        "completion",
        "survey",
        "invitation",
    )
    ordering = ("-pk",)
    search_fields = ("service_event__external_id",)
    search_help_text = _("Ticket number.")
    fields = (
        "service_event",
        "kind",
        "team",
        "completed_at",
        "outcome",
        "survey",
        "invitation",
        "decided_at",
    )
    readonly_fields = fields

    @display(description=_("kind"))
    def kind(self, decision: EventDecision) -> str:
        """The kind of service."""
        return decision.service_event.kind.name

    @display(description=_("counts for team"))
    def team(self, decision: EventDecision) -> str:
        """Whose work it was."""
        return str(decision.service_event.credited_team)

    @display(description=_("completed at"))
    def completed_at(self, decision: EventDecision) -> Any:
        """The completion that was decided on."""
        return decision.completion.at

    @display(
        description=_("outcome"),
        ordering="reason",
        label={INVITED: "success", ELSEWHERE: "info", "withheld": "warning"},
    )
    def outcome(self, decision: EventDecision) -> tuple[str, Any]:
        """Invited, answered elsewhere, or why not."""
        if decision.invitation is None:
            return "withheld", decision.get_reason_display()
        is_imported = decision.invitation.origin == InvitationOrigin.IMPORTED
        return (
            (ELSEWHERE, decision.invitation.get_origin_display()) if is_imported else (INVITED, _("invited"))
        )
