"""Webhook sources: each secret is shown once, right after it was made.

Two are good while the system changes over.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, Q, QuerySet
from django.db.models.aggregates import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.admin import ReadOnlyModelAdmin, ScopedModelAdmin, ScopedTabularInline
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import ConflictError
from feedback_site.common.listing import labelled
from feedback_site.service_events.models import WebhookDelivery, WebhookSecret, WebhookSource
from feedback_site.service_events.services import add_secret, end_older_secret, make_source, save_source


class WebhookSecretInline(ScopedTabularInline):
    model = WebhookSecret
    fields = ("created_at", "ended_at")
    readonly_fields = fields
    ordering = ("-created_at",)
    can_delete = False
    max_num = 0


@admin.register(WebhookSource)
class WebhookSourceAdmin(ScopedModelAdmin):
    list_display = ("slug", "name", "team", "good_secrets", "last_seen_at", "is_active")
    list_filter = ("team", "is_active")
    list_select_related = ("team",)
    search_fields = ("slug", "name")
    ordering = ("slug",)
    actions = ("add_secret", "end_older_secret")
    fields = ("slug", "name", "team", ("default_kind", "default_channel"), "is_active")
    change_only_fields = ("address", "last_seen_at")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the address and the last message once there can be any."""
        return (*self.fields, *self.change_only_fields) if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the source once it exists: its events carry it."""
        return ("slug", *self.change_only_fields) if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """Show when secrets were made and ended, never what they are."""
        return (WebhookSecretInline,) if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookSource]:
        """Return the reader's sources with the number of their good secrets."""
        return (
            super()
            .get_queryset(request)
            .annotate(good=Count("secrets", filter=Q(secrets__ended_at__isnull=True)))
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Sources are switched off: what they delivered stays on record."""
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Make a new source by its service and show its secret this once."""
        if change:
            save_source(source=obj, by=staff_of(request), at=database_now())  # type: ignore[arg-type] # this page's model
            return
        source, clear = make_source(
            by=staff_of(request), **{name: form.cleaned_data[name] for name in _MADE_OF}, at=database_now()
        )
        obj.pk = source.pk
        self._show(request, source, clear)

    @admin.action(description=_("Add a second secret to the selected sources"), permissions=["change"])
    def add_secret(self, request: HttpRequest, queryset: QuerySet[WebhookSource]) -> None:
        """Make a secret for each and show it this once; the one before stays good."""
        at = database_now()
        self._each(
            request,
            queryset,
            lambda source: self._show(
                request, source, add_secret(source=source, by=staff_of(request), at=at)
            ),
        )

    @admin.action(description=_("End the older secret of the selected sources"), permissions=["change"])
    def end_older_secret(self, request: HttpRequest, queryset: QuerySet[WebhookSource]) -> None:
        """End the secret that was exchanged."""
        at = database_now()
        self._each(request, queryset, lambda source: self._end(request, source, at))

    @display(description=_("good secrets"))
    def good_secrets(self, source: Any) -> int:
        """One, or two while the system changes over."""
        return int(source.good)

    @display(description=pgettext_lazy("web", "web address"))
    def address(self, source: WebhookSource) -> str:
        """Where the system posts to."""
        return reverse("webhook-service-events", args=[source.slug])

    def _each(
        self, request: HttpRequest, sources: QuerySet[WebhookSource], work: Callable[[WebhookSource], None]
    ) -> None:
        for source in sources:
            try:
                work(source)
            except ConflictError as error:
                messages.error(request, labelled(source, error.message))

    def _end(self, request: HttpRequest, source: WebhookSource, at: Any) -> None:
        end_older_secret(source=source, by=staff_of(request), at=at)
        messages.success(request, _("%(source)s: the older secret was ended.") % {"source": source})

    def _show(self, request: HttpRequest, source: WebhookSource, clear: str) -> None:
        shown = {"source": source, "secret": clear}
        messages.warning(
            request, _("%(source)s: copy this secret now, it is not shown again: %(secret)s") % shown
        )


_MADE_OF = ("slug", "name", "team", "default_kind", "default_channel")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyModelAdmin):
    list_display = ("webhook_id", "source", "reply_status", "received_at")
    list_filter = ("source",)
    list_select_related = ("source",)
    search_fields = ("webhook_id",)
    search_help_text = _("The webhook-id of the message.")
    ordering = ("-received_at", "-id")
    fields = ("webhook_id", "source", "received_at", "reply_status", "reply")
    technical_fields = ("webhook_id", "reply")
