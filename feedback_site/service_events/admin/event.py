"""Service events as staff see them: facts, read-only, with what happened later."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.exporting import ScopedExportMixin
from feedback_site.service_events.admin.transition import TransitionInline
from feedback_site.service_events.enums import EventStatus
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.resources import ServiceEventResource
from feedback_site.service_events.services import ContactThenAndNow, contacts_then_and_now

_COLOURS = {
    EventStatus.OPEN.value: "info",
    EventStatus.COMPLETED.value: "success",
    EventStatus.REOPENED.value: "warning",
    EventStatus.CANCELLED.value: "danger",
    EventStatus.SUPERSEDED.value: "default",
}


@admin.register(ServiceEvent)
class ServiceEventAdmin(ScopedExportMixin, ReadOnlyModelAdmin):
    resource_classes = [ServiceEventResource]
    list_display = ("number", "shown_status", "customer", "kind", "channel", "team", "agent", "opened_at", "completed_at", "complaint")
    list_filter = ("status", "kind", "channel", "team", "segment", "is_complaint", "is_replayed")
    list_select_related = ("customer", "kind", "channel", "team", "agent")
    search_fields = ("external_id",)
    search_help_text = _("Ticket number.")
    date_hierarchy = "opened_at"
    ordering = ("-id",)
    inlines = (TransitionInline,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("shown_status", "source", "external_id"),
                    "superseded_by",
                    ("customer", "segment"),
                    "contact_then",
                    ("kind", "channel"),
                )
            },
        ),
        (_("Who served"), {"fields": (("team", "credited_team", "agent"),)}),
        (_("When"), {"fields": (("opened_at", "first_response_at", "completed_at"), ("eta_told_at", "arrived_at", "recorded_at"))}),
        (
            _("Service event"),
            {
                "fields": (
                    ("priority", "level", "complexity"),
                    ("is_complaint", "is_resolved", "handovers"),
                    ("area", "product_line", "is_in_warranty"),
                    "attributes",
                    "is_replayed",
                )
            },
        ),
        (_("As it was sent"), {"classes": ("collapse",), "fields": ("body",)}),
    )
    readonly_fields = ("shown_status", "contact_then", "body", "recorded_at")

    @display(description=_("number"), header=True, ordering="external_id")
    def number(self, event: ServiceEvent) -> tuple[str, str]:
        """The number over the system that gave it."""
        return event.external_id, event.source

    @display(description=_("status"), ordering="status", label=_COLOURS)
    def shown_status(self, event: ServiceEvent) -> tuple[str, Any]:
        """The status as a label."""
        return event.status, event.get_status_display()

    @display(description=_("contact that the event came with"))
    def contact_then(self, event: ServiceEvent) -> SafeString | str:
        """Phone and email as they were sent, masked, and a mark where the customer has another one today."""
        kept = contacts_then_and_now(event=event)
        return format_html_join(" · ", "{}{}", ((one.then, _changed(one)) for one in kept)) or "-"

    @display(description=_("complaint"), ordering="is_complaint", label={"complaint": "danger"})
    def complaint(self, event: ServiceEvent) -> tuple[str, Any] | None:
        """A label where the event is a complaint."""
        return ("complaint", _("Complaint")) if event.is_complaint else None


def _changed(one: ContactThenAndNow) -> str:
    """Say that a contact is another one today: what was sent before went to the first."""
    said = _("changed since: %(now)s") % {"now": one.now or "-"}
    return f" ({said})" if one.is_changed else ""
