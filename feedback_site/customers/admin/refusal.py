"""Contacts that asked to be left alone: staff see masks, and add a refusal on the customer's page."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ReadOnlyModelAdmin, ScopedTabularInline
from feedback_site.accounts.admin.display import display
from feedback_site.customers.models import ContactRefusal

_COLOURS = {"stands": "danger", "lifted": "info"}


class _ShownRefusal:
    """What the list and the inline share."""

    @display(description=_("stands"), label=_COLOURS)
    def state(self, refusal: ContactRefusal) -> tuple[str, Any]:
        """Whether it stands."""
        return ("stands", _("refused")) if refusal.lifted_at is None else ("lifted", _("lifted"))


@admin.register(ContactRefusal)
class ContactRefusalAdmin(_ShownRefusal, ReadOnlyModelAdmin):
    list_display = ("contact_mask", "purpose", "state", "refused_at", "source", "customer")
    list_filter = ("purpose",)
    list_select_related = ("customer",)
    ordering = ("-refused_at", "-id")
    fields = (
        *("contact_mask", "purpose", "customer", "state", "refused_at", "source", "recorded_by", "reason"),
        *("lifted_at", "lifted_source", "lifted_by", "lifted_reason"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the sealed contact in the database."""
        return super().get_queryset(request).defer("contact_sealed", "contact_index")


class RefusalInline(_ShownRefusal, ScopedTabularInline):
    model = ContactRefusal
    fields = (
        "contact_mask",
        "purpose",
        "state",
        "refused_at",
        "source",
        "reason",
        "lifted_at",
        "lifted_source",
    )
    readonly_fields = fields
    ordering = ("purpose", "-refused_at", "-id")
    can_delete = False
    max_num = 0
