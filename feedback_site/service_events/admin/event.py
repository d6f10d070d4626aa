"""Service events as staff see them: facts, read-only, with what happened later."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import formats, timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.exporting import ScopedExportMixin
from feedback_site.common.listing import labelled, listed
from feedback_site.customers.admin.words import SealedWordsMixin
from feedback_site.service_events.admin.later import WORDS, later_page, may_say_later
from feedback_site.service_events.admin.transition import TransitionInline
from feedback_site.service_events.enums import EventStatus, TransitionType
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.resources import ServiceEventResource
from feedback_site.service_events.rules.events import why_not_now
from feedback_site.service_events.services import ContactThenAndNow, contacts_then_and_now
from feedback_site.service_events.services.words import EVENT_WORDS

_COLOURS = {
    EventStatus.OPEN.value: "info",
    EventStatus.COMPLETED.value: "success",
    EventStatus.REOPENED.value: "warning",
    EventStatus.CANCELLED.value: "danger",
    EventStatus.SUPERSEDED.value: "default",
}
_KINDS = {
    "complete": TransitionType.COMPLETED,
    "cancel": TransitionType.CANCELLED,
    "reopen": TransitionType.REOPENED,
    "correct": TransitionType.CORRECTED,
}


@admin.register(ServiceEvent)
class ServiceEventAdmin(SealedWordsMixin, ScopedExportMixin, ReadOnlyModelAdmin):
    resource_classes = [ServiceEventResource]
    words_kind = EVENT_WORDS
    list_display = ("number", "shown_status", "customer", "service", "served_by", "times", "complaint")
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
                    "shown_status",
                    ("external_id", "source"),
                    "superseded_by",
                    ("customer", "segment"),
                    "contact_then",
                    ("kind", "channel"),
                )
            },
        ),
        (_("Who served"), {"fields": (("team", "credited_team"), "agent")}),
        (
            _("When"),
            {
                "fields": (
                    ("opened_at", "completed_at"),
                    ("first_response_at", "recorded_at"),
                    ("eta_told_at", "arrived_at"),
                )
            },
        ),
        (
            _("Service event"),
            {
                "fields": (
                    ("priority", "level"),
                    ("complexity", "handovers"),
                    ("is_complaint", "is_resolved"),
                    ("area", "product_line"),
                    ("is_in_warranty", "shown_attributes"),
                    "is_replayed",
                    "body",
                )
            },
        ),
    )
    technical_fields = ("recorded_at", "is_replayed", "body")
    readonly_fields = ("shown_status", "contact_then", "shown_attributes", "body", "recorded_at")
    actions_detail = ("complete", "cancel", "reopen", "correct", "open_words")

    # A method, not the name of a permission: Unfold's system check
    # looks names up in the database, which `migrate` has yet to make.
    def has_later_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the reader may say what happened to an event later."""
        return may_say_later(request.user)

    @action(
        description=WORDS[TransitionType.COMPLETED][0],
        url_path="complete",
        permissions=["later"],
        icon="check",
    )
    def complete(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """State when the service ended."""
        return self._later(request, object_id, TransitionType.COMPLETED)

    @action(
        description=WORDS[TransitionType.CANCELLED][0], url_path="cancel", permissions=["later"], icon="close"
    )
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """State that the service does not take place."""
        return self._later(request, object_id, TransitionType.CANCELLED)

    @action(
        description=WORDS[TransitionType.REOPENED][0], url_path="reopen", permissions=["later"], icon="undo"
    )
    def reopen(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """State that the service goes on."""
        return self._later(request, object_id, TransitionType.REOPENED)

    @action(
        description=WORDS[TransitionType.CORRECTED][0], url_path="correct", permissions=["later"], icon="edit"
    )
    def correct(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """State facts that are on record otherwise."""
        return self._later(request, object_id, TransitionType.CORRECTED)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Offer what can happen to the event as it stands."""
        event = self.get_object(request, str(object_id))
        if event is None:
            return []
        possible = {
            name for name, kind in _KINDS.items() if not why_not_now(EventStatus(event.status), kind)
        } | {"open-words"}
        return [
            offer
            for offer in super().get_actions_detail(request, object_id)
            if offer.path.strip("/").split("/")[-1] in possible
        ]

    def _later(self, request: HttpRequest, object_id: str, kind: TransitionType) -> HttpResponse:
        event = self.row_or_404(request, object_id)
        return later_page(request, event, kind, {**self.admin_site.each_context(request), "opts": self.opts})

    @display(description=_("number"), header=True, ordering="external_id")
    def number(self, event: ServiceEvent) -> tuple[str, str]:
        """The number over the system that gave it."""
        return event.external_id, event.source

    @display(description=_("status"), ordering="status", label=_COLOURS)
    def shown_status(self, event: ServiceEvent) -> tuple[str, Any]:
        """The status as a label."""
        return event.status, event.get_status_display()

    @display(description=_("contact as received"))
    def contact_then(self, event: ServiceEvent) -> SafeString | str:
        """Phone and email as they were sent, masked.

        With a note where the customer has another one today and where a phone is that of a member of staff.
        """
        shown = [(one.then, _changed(one), _of_staff(one)) for one in contacts_then_and_now(event=event)]
        return format_html_join(" · ", "{}{}{}", shown) or "-"

    @display(description=_("service"), header=True, ordering="kind")
    def service(self, event: ServiceEvent) -> tuple[str, str]:
        """What was done over how the customer came."""
        return str(event.kind), str(event.channel)

    @display(description=_("team"), header=True, ordering="team")
    def served_by(self, event: ServiceEvent) -> tuple[str, str]:
        """The team that sees the event over the colleague who did the work."""
        return str(event.team), str(event.agent or "-")

    @display(description=_("registered, completed"), header=True, ordering="opened_at")
    def times(self, event: ServiceEvent) -> tuple[str, str]:
        """When the event was registered over when it was completed."""
        return _shown(event.opened_at), _shown(event.completed_at)

    @display(description=_("attributes"))
    def shown_attributes(self, event: ServiceEvent) -> str:
        """What the sender said beyond our fields, a dash where that is nothing."""
        return listed(labelled(name, value) for name, value in event.attributes.items()) or "-"

    @display(description=_("complaint"), ordering="is_complaint", label={"complaint": "danger"})
    def complaint(self, event: ServiceEvent) -> tuple[str, Any] | None:
        """A label where the event is a complaint."""
        return ("complaint", _("Complaint")) if event.is_complaint else None


def _shown(moment: datetime | None) -> str:
    return str(formats.localize(timezone.localtime(moment))) if moment else "-"


def _changed(one: ContactThenAndNow) -> str:
    """Say that a contact is another one today: what was sent before went to the first."""
    said = _("changed since: %(now)s") % {"now": one.now or "-"}
    return f" ({said})" if one.is_changed else ""


def _of_staff(one: ContactThenAndNow) -> str:
    """Say that staff would answer for the customer."""
    said = _("phone of a member of staff")
    return f" ({said})" if one.is_of_staff else ""
