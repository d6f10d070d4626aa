"""Unfinished responses: how far customers got, never what they wrote; that was not sent to us yet."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.list_filters import DayTimeRangeFilter
from surveys.enums import DraftState
from surveys.models import ResponseDraft

_COLOURS = {
    DraftState.OPEN: "info",
    DraftState.SENT: "success",
    DraftState.COMPLETE: "success",
    DraftState.PARTIAL: "warning",
    DraftState.BREAK_OFF: "danger",
}


@admin.register(ResponseDraft)
class ResponseDraftAdmin(ReadOnlyModelAdmin):
    list_display = (
        "shown_event",
        "shown_state",
        "page",
        "time_spent",
        "team",
        "shown_survey",
        "language",
        "saved_at",
    )
    list_filter = (
        "state",
        "invitation__purpose",
        "invitation__survey",
        "invitation__credited_team",
        ("saved_at", DayTimeRangeFilter),
    )
    list_filter_submit = True
    list_select_related = (
        "invitation__service_event",
        "invitation__credited_team",
        "invitation__survey",
        "invitation__kind",
    )
    ordering = ("-saved_at", "-pk")
    search_fields = ("invitation__service_event__external_id",)
    search_help_text = _("Ticket number.")
    fields = (
        "shown_event",
        ("shown_state", "page"),
        ("team", "shown_survey"),
        ("time_spent", "language"),
        ("saved_at", "mode"),
    )
    readonly_fields = ("shown_event", "shown_state", "team", "shown_survey", "time_spent")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ResponseDraft]:
        """Return the drafts without their answers: they are not read here."""
        return super().get_queryset(request).defer("answers")

    @display(description=_("service event"), header=True)
    def shown_event(self, draft: ResponseDraft) -> tuple[str, str]:
        """The event asked about, above its kind."""
        invitation = draft.invitation
        event = invitation.service_event
        return (str(event) if event else str(invitation.pk)), invitation.kind.name if invitation.kind else ""

    @display(description=_("state"), ordering="state", label=_COLOURS)
    def shown_state(self, draft: ResponseDraft) -> tuple[str, Any]:
        """How far it got; settled once the link has ended."""
        return draft.state, draft.get_state_display()

    @display(description=_("time spent"))
    def time_spent(self, draft: ResponseDraft) -> str:
        """Minutes and seconds on all pages, a dash where no browser measured them."""
        seconds = sum(count for count in draft.seconds.values() if isinstance(count, int))
        return f"{seconds // 60}:{seconds % 60:02d}" if seconds else "–"

    @display(description=_("counts for team"))
    def team(self, draft: ResponseDraft) -> str:
        """Whose work it was."""
        return str(draft.invitation.credited_team)

    @display(description=_("survey rule"))
    def shown_survey(self, draft: ResponseDraft) -> str:
        """The rule that asked, else the purpose."""
        return str(draft.invitation.survey or draft.invitation.get_purpose_display())
