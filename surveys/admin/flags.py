"""Events whose customers say that they were not theirs."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.exporting import ScopedExportMixin
from feedback_site.accounts.admin.list_filters import DayTimeRangeFilter
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from surveys.enums import FlagReason
from surveys.models import EventFlag
from surveys.resources import EventFlagResource
from surveys.services.follow_ups.flagging import check_flags


class CheckedFilter(admin.SimpleListFilter):
    """Whether staff have looked into it."""

    title = _("checked")
    parameter_name = "checked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Yes and no."""
        return [("no", _("not yet")), ("yes", _("checked"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[EventFlag]) -> QuerySet[EventFlag]:
        """Narrow the list."""
        return queryset if self.value() is None else queryset.filter(checked_at__isnull=self.value() == "no")


_REASON_COLOURS = {
    FlagReason.DID_NOT_HAPPEN.value: "danger",
    FlagReason.WRONG_PERSON.value: "warning",
    FlagReason.FEE_DIFFERS.value: "warning",
}


@admin.register(EventFlag)
class EventFlagAdmin(ScopedExportMixin, ReadOnlyModelAdmin):
    resource_classes = [EventFlagResource]
    list_display = (
        "shown_event",
        "shown_reason",
        "shown_fee",
        "team",
        "flagged_at",
        "checked_at",
        "checked_by",
    )
    list_filter = (
        CheckedFilter,
        "reason",
        "response__invitation__credited_team",
        ("flagged_at", DayTimeRangeFilter),
    )
    list_filter_submit = True
    list_select_related = (
        "response__invitation__service_event",
        "response__invitation__credited_team",
        "response__invitation__kind",
        "checked_by",
    )
    ordering = ("-flagged_at", "-pk")
    search_fields = ("response__invitation__service_event__external_id",)
    search_help_text = _("Ticket number.")
    fields = (
        "shown_event",
        "response",
        ("shown_reason", "shown_fee", "team"),
        "flagged_at",
        ("checked_at", "checked_by"),
    )
    readonly_fields = ("shown_event", "shown_reason", "shown_fee", "team")
    actions = ("mark_checked",)

    @admin.action(description=_("Mark as checked"), permissions=["check"])
    def mark_checked(self, request: HttpRequest, flags: QuerySet[EventFlag]) -> None:
        """State that staff have looked into the events."""
        count = check_flags(flags=flags, by=staff_of(request), at=database_now())
        messages.success(
            request,
            ngettext("%(count)d event is checked.", "%(count)d events are checked.", count)
            % {"count": count},
        )

    def has_check_permission(self, request: HttpRequest) -> bool:
        """A person who may change flags checks them; no one edits them."""
        return bool(request.user.has_perm("surveys.change_eventflag"))

    @display(description=_("service event"), header=True)
    def shown_event(self, flag: EventFlag) -> tuple[str, str]:
        """The event, above its kind."""
        invitation = flag.response.invitation
        event = invitation.service_event
        return (str(event) if event else str(invitation.pk)), invitation.kind.name if invitation.kind else ""

    @display(description=_("reason"), ordering="reason", label=_REASON_COLOURS)
    def shown_reason(self, flag: EventFlag) -> tuple[str, Any]:
        """What the customer says."""
        return flag.reason, flag.get_reason_display()

    @display(description=_("paid / on the ticket"), ordering="paid")
    def shown_fee(self, flag: EventFlag) -> str:
        """Both figures where a fee differs."""
        return (
            f"{flag.paid:,.2f} / {flag.charged:,.2f}"
            if flag.paid is not None and flag.charged is not None
            else "–"
        )

    @display(description=_("counts for team"))
    def team(self, flag: EventFlag) -> str:
        """Whose work it was to be."""
        return str(flag.response.invitation.credited_team)
