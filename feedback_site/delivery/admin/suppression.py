"""Addresses we no longer write to: staff type one in, and see masks ever after."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ScopedModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.private_search import PrivateSearchMixin
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.common.sealing import is_contact
from feedback_site.delivery.enums import DeliveryChannel, SuppressionReason
from feedback_site.delivery.forms import SuppressionForm
from feedback_site.delivery.models import Suppression
from feedback_site.delivery.services import index_of, suppress_address

REASON_COLOURS = {
    SuppressionReason.BOUNCED: "warning",
    SuppressionReason.COMPLAINED: "danger",
    SuppressionReason.BLOCKED: "info",
}


@admin.register(Suppression)
class SuppressionAdmin(PrivateSearchMixin, ScopedModelAdmin):
    form = SuppressionForm
    list_display = ("address_mask", "channel", "shown_reason", "suppressed_at")
    list_filter = ("channel", "reason")
    ordering = ("-suppressed_at", "-pk")
    search_fields = ("address_mask",)
    search_help_text = _("The whole phone number or email address.")
    readonly_fields = ("address_mask", "suppressed_at")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An address is suppressed or it is not; there is nothing to change."""
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Show the mask of what is there, ask for the address of what is new."""
        return (
            ("address_mask", "channel", "reason", "suppressed_at")
            if obj
            else ("channel", "address", "reason")
        )

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Write by the service, which keeps index and mask only."""
        data = form.cleaned_data
        stored = suppress_address(
            channel=data["channel"], address=data["address"], reason=data["reason"], at=database_now()
        )
        obj.__dict__.update(stored.__dict__)

    def is_contact(self, term: str) -> bool:
        """Return whether the term can be read as a phone number or an email address."""
        return is_contact(term)

    def find(self, queryset: QuerySet[Suppression], term: str) -> QuerySet[Suppression]:
        """Find an address by its blind index: whole, or not at all."""
        indexes: list[bytes] = []
        for channel in DeliveryChannel:
            try:
                indexes += index_of(channel=channel, address=term).known_as
            except DomainError:
                continue
        return queryset.filter(address_index__in=indexes)

    @display(description=_("reason"), ordering="reason", label=REASON_COLOURS)
    def shown_reason(self, suppression: Suppression) -> tuple[str, Any]:
        """Why the site does not write there."""
        return suppression.reason, suppression.get_reason_display()
