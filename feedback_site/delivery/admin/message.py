"""The Outbox: what left, what did not, why, and what the customer sees."""

import uuid
from contextlib import suppress
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ReadOnlyModelAdmin, ScopedTabularInline
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.list_filters import DayTimeRangeFilter
from feedback_site.accounts.models import User
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.delivery.channels import Envelope
from feedback_site.delivery.enums import AttemptOutcome, DeliveryChannel, EndReason, LateCause, MessageStatus
from feedback_site.delivery.models import Message, MessageAttempt
from feedback_site.delivery.services import FIRST_STEP, mask_of, preview, shows_live_links

STATUS_COLOURS = {
    MessageStatus.QUEUED: "info",
    MessageStatus.SENDING: "info",
    MessageStatus.SENT: "success",
    MessageStatus.FAILED: "danger",
    MessageStatus.MISSED: "danger",
    MessageStatus.UNCERTAIN: "warning",
    MessageStatus.SUPPRESSED: "warning",
    MessageStatus.VOIDED: "default",
}
SHORT_CAUSES = {
    LateCause.RECORDED_LATE: _("recorded late"),
    LateCause.RETRIED: _("after failures"),
    LateCause.BACKLOG: _("backlog"),
}
OUTCOME_COLOURS = {
    AttemptOutcome.ACCEPTED: "success",
    AttemptOutcome.TEMPORARY: "warning",
    AttemptOutcome.PERMANENT: "danger",
    AttemptOutcome.UNCERTAIN: "warning",
}


class AttemptInline(ScopedTabularInline):
    """Every try at handing the message over, oldest first."""

    model = MessageAttempt
    # The provider's number of the message stands on the page of the attempt.
    fields = ("attempted_at", "shown_outcome", "code")
    readonly_fields = fields
    show_change_link = True
    ordering = ("attempted_at",)
    can_delete = False
    verbose_name_plural = pgettext_lazy("message", "sending attempts")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Facts are written by the delivery, never by hand."""
        return False

    @display(description=_("outcome"), label=OUTCOME_COLOURS)
    def shown_outcome(self, attempt: MessageAttempt) -> tuple[str, Any]:
        """The attempt's outcome, as a label."""
        return attempt.outcome, attempt.get_outcome_display()


@admin.register(MessageAttempt)
class MessageAttemptAdmin(ReadOnlyModelAdmin):
    list_display = ("attempted_at", "message", "shown_outcome", "code")
    technical_fields = ("provider_id",)
    list_filter = ("outcome", "message__channel", ("attempted_at", DayTimeRangeFilter))
    list_filter_submit = True
    list_select_related = ("message",)
    ordering = ("-attempted_at", "-pk")

    @display(description=_("outcome"), ordering="outcome", label=OUTCOME_COLOURS)
    def shown_outcome(self, attempt: MessageAttempt) -> tuple[str, Any]:
        """The attempt's outcome, as a label."""
        return attempt.outcome, attempt.get_outcome_display()


@admin.register(Message)
class MessageAdmin(ReadOnlyModelAdmin):
    list_display = (
        "about",
        "shown_status",
        "shown_channel",
        "team",
        "due_at",
        "sent_at",
        "lateness",
        "attempt_count",
    )
    list_filter = (
        "status",
        "channel",
        "is_late",
        "late_cause",
        "is_local_only",
        "team",
        ("due_at", DayTimeRangeFilter),
    )
    list_filter_submit = True
    list_select_related = ("team",)
    ordering = ("-queued_at", "-pk")
    search_fields = ("id",)
    search_help_text = _("The whole id of the message or of what it is about.")
    readonly_fields = ("about", "shown_status", "shown_channel", "shown_reason")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("about", "team"),
                    ("shown_channel", "shown_status"),
                    ("shown_reason", "is_local_only"),
                )
            },
        ),
        (
            _("Times"),
            {"fields": (("queued_at", "due_at"), ("sent_at", "deadline_at"), ("late_cause", "send_until"))},
        ),
    )
    inlines = (AttemptInline,)
    change_form_outer_after_template = "admin/delivery/message/preview.html"

    class Media:
        css = {"all": ["delivery/outbox.css"]}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Message], search_term: str
    ) -> tuple[QuerySet[Message], bool]:
        """Find a message by its id or its subject's; anything else finds nothing."""
        if not search_term.strip():
            return queryset, False
        with suppress(ValueError):
            key = uuid.UUID(search_term.strip())
            return queryset.filter(Q(pk=key) | Q(subject_id=key)), False
        return queryset.none(), False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the message as the customer sees it."""
        message: Message | None = kwargs.get("obj")
        if message is not None:
            context["letter"] = _letter_of(message, staff_of(request))
        return super().render_change_form(request, context, *args, **kwargs)

    @display(description=_("message"), header=True)
    def about(self, message: Message) -> tuple[str, str]:
        """What the message is about, and the end of that thing's id."""
        step = "" if message.step == FIRST_STEP else f" · {message.step}"
        return f"{gettext(message.subject_kind)}{step}", f"#{str(message.subject_id)[-8:]}"

    @display(description=_("status"), ordering="status", label=STATUS_COLOURS)
    def shown_status(self, message: Message) -> tuple[str, Any]:
        """The message's status, as a label."""
        return message.status, message.get_status_display()

    @display(
        description=_("delivery channel"),
        ordering="channel",
        label={DeliveryChannel.SMS: "primary", DeliveryChannel.EMAIL: "info"},
    )
    def shown_channel(self, message: Message) -> tuple[str, Any]:
        """By which way."""
        return message.channel, message.get_channel_display()

    @display(description=_("reason"))
    def shown_reason(self, message: Message) -> str:
        """Why it ended without being sent."""
        return EndReason.in_words(message.end_reason)

    @display(description=_("sent late"), ordering="is_late", label={"late": "warning"})
    def lateness(self, message: Message) -> tuple[str, Any] | None:
        """In a word why it left after its deadline, empty when it did not."""
        return ("late", SHORT_CAUSES[LateCause(message.late_cause)]) if message.is_late else None


def _letter_of(message: Message, reader: User) -> dict[str, Any]:
    content = preview(message, reader=reader, at=database_now())
    if not isinstance(content, Envelope):
        return {
            "void_reason": EndReason.in_words(content.reason) if content else "",
            "is_unknown": content is None,
        }
    return {
        "is_sms": message.channel == DeliveryChannel.SMS,
        "address": mask_of(channel=DeliveryChannel(message.channel), address=content.address),
        "language": content.language,
        "subject": content.subject,
        "text": content.text,
        "html": content.html,
        "is_live": shows_live_links(reader),
    }
