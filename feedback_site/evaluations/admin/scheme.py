"""Schemes and their weights."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ScopedModelAdmin, ScopedTabularInline
from feedback_site.accounts.admin.display import display
from feedback_site.common.clock import database_now
from feedback_site.common.texts import InReadersLanguage, searched
from feedback_site.evaluations.forms import EvaluationSchemeForm, SchemeItemFormSet
from feedback_site.evaluations.models import EvaluationScheme, SchemeItem
from feedback_site.evaluations.services import refresh_open_records


class SchemeItemInline(ScopedTabularInline):
    model = SchemeItem
    formset = SchemeItemFormSet
    fields = ("indicator", "weight", "position")
    ordering = ("position",)
    hide_title = True
    verbose_name_plural = _("weights (together 100%)")


@admin.register(EvaluationScheme)
class EvaluationSchemeAdmin(ScopedModelAdmin):
    form = EvaluationSchemeForm
    list_display = ("name", "slug", "subject_kind", "indicator_count", "least_weight_covered", "is_active")
    search_fields = (*searched("names"), "slug")
    ordering = ("pk",)
    fields = (
        "names",
        ("slug", "least_weight_covered"),
        ("subject_kind", "period_kinds"),
        "is_active",
    )
    inlines = (SchemeItemInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the schemes with the number of their indicators."""
        return super().get_queryset(request).annotate(indicator_count=Count("items"))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the weights, and let the open records follow them."""
        super().save_related(request, form, formsets, change)
        refresh_open_records(at=database_now())

    @display(description=_("name"), ordering=InReadersLanguage("names"))
    def name(self, scheme: EvaluationScheme) -> str:
        """The name in the reader's language."""
        return scheme.name

    @display(description=_("indicators"), ordering="indicator_count")
    def indicator_count(self, scheme: Any) -> int:
        """How many indicators it weighs."""
        count: int = scheme.indicator_count
        return count
