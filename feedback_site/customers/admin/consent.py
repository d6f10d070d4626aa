from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ReadOnlyModelAdmin, ScopedTabularInline
from feedback_site.accounts.admin.display import display
from feedback_site.customers.models import Consent

_COLOURS = {"yes": "success", "no": "danger"}


class _ShownConsent:
    """What the list and the inline share."""

    @display(description=_("consent given"), ordering="is_granted", label=_COLOURS)
    def answer(self, consent: Consent) -> tuple[str, Any]:
        """Yes or no."""
        return ("yes", _("allowed")) if consent.is_granted else ("no", _("refused"))


@admin.register(Consent)
class ConsentAdmin(_ShownConsent, ReadOnlyModelAdmin):
    list_display = ("customer", "purpose", "answer", "stated_at", "source")
    list_filter = ("purpose", "is_granted")
    list_select_related = ("customer",)
    ordering = ("-stated_at", "-id")
    fields = ("customer", "purpose", "answer", "stated_at", "source", "recorded_at")


class ConsentInline(_ShownConsent, ScopedTabularInline):
    model = Consent
    fields = ("purpose", "answer", "stated_at", "source", "recorded_at")
    readonly_fields = fields
    ordering = ("purpose", "-stated_at", "-id")
    can_delete = False
    max_num = 0
