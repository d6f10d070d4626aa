"""Suggestions of the month: chosen by quality management, public at once."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin.display import display
from feedback_site.common.texts import searched
from feedback_site.improvements.admin.base import ServiceModelAdmin
from feedback_site.voice.forms import MonthlySuggestionForm
from feedback_site.voice.models import MonthlySuggestion
from feedback_site.voice.services import choose_monthly_suggestion

_WRITTEN = ("month", "entry", "title", "text", "is_quoted")


@admin.register(MonthlySuggestion)
class MonthlySuggestionAdmin(ServiceModelAdmin):
    form = MonthlySuggestionForm
    list_display = ("shown_month", "shown_title", "entry", "is_quoted")
    list_select_related = ("entry",)
    ordering = ("-month",)
    search_fields = searched("title")
    autocomplete_fields = ("entry",)
    fieldsets = (
        (
            None,
            {
                "fields": (("month", "entry"), "is_quoted"),
                "description": _("The newest one is shown to everyone on the customer feedback page."),
            },
        ),
        (_("In our own words"), {"fields": ("title", "text")}),
    )

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Choose by the service."""
        data = {name: form.cleaned_data[name] for name in _WRITTEN}
        obj.pk = choose_monthly_suggestion(chosen=form.instance if change else None, **data).pk

    @display(description=_("month"), ordering="month")
    def shown_month(self, chosen: MonthlySuggestion) -> str:
        """The month as people write it."""
        return date_format(chosen.month, "YEAR_MONTH_FORMAT")

    @display(description=_("suggestion"), header=True)
    def shown_title(self, chosen: MonthlySuggestion) -> tuple[str, str]:
        """The title, above the text."""
        return str(chosen.title), str(chosen.text)[:80]
