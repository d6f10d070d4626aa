"""Dimensions and indicators."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ScopedModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.common.clock import database_now
from feedback_site.common.texts import InReadersLanguage, searched
from feedback_site.evaluations.enums import Direction, MeasurementSource
from feedback_site.evaluations.forms import IndicatorForm
from feedback_site.evaluations.models import Dimension, Indicator
from feedback_site.evaluations.services import refresh_open_records
from feedback_site.evaluations.templatetags.figures import limit

_SIGNS = {Direction.HIGHER.value: "≥", Direction.LOWER.value: "≤"}


@admin.register(Dimension)
class DimensionAdmin(ScopedModelAdmin):
    list_display = ("name", "slug", "position")
    search_fields = (*searched("names"), "slug")
    ordering = ("position",)
    fields = ("names", "slug", "position")

    @display(description=_("name"), ordering="position")
    def name(self, dimension: Dimension) -> str:
        """The name in the reader's language."""
        return dimension.name


@admin.register(Indicator)
class IndicatorAdmin(ScopedModelAdmin):
    form = IndicatorForm
    list_display = ("name", "dimension", "unit_name", "baseline_limit", "target_limit", "source_name")
    list_filter = ("dimension", "source")
    list_select_related = ("dimension",)
    search_fields = (*searched("names"), "slug")
    ordering = ("dimension__position", "pk")
    fieldsets = (
        (None, {"fields": ("names", ("slug", "dimension"), "source")}),
        (_("Unit and goals"), {"fields": (("unit", "direction"), ("baseline", "target"))}),
        (_("Subjects and periods"), {"fields": (("more_subject_kinds", "more_period_kinds"),)}),
        (
            _("Rubric"),
            {
                "fields": (("points_5", "points_4"), ("points_3", "points_2")),
                "description": _(
                    "Only for indicators in hours or minutes: the limits in that unit. Beyond the last "
                    "limit: 1 point."
                ),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep what published questionnaires and figures know the indicator by.

        Keeps also that the survey measures it, once it does.
        """
        if obj is None:
            return ()
        return ("slug", "unit", "source") if obj.source == MeasurementSource.SURVEY else ("slug", "unit")

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save, and let the open records follow the new limits."""
        super().save_model(request, obj, form, change)
        if change:
            refresh_open_records(at=database_now())

    @display(description=_("name"), ordering=InReadersLanguage("names"))
    def name(self, indicator: Indicator) -> str:
        """The name in the reader's language."""
        return indicator.name

    @display(description=_("unit"), ordering="unit")
    def unit_name(self, indicator: Indicator) -> str:
        """What the figures are given in."""
        return indicator.get_unit_display()

    @display(description=_("baseline"))
    def baseline_limit(self, indicator: Indicator) -> str:
        """The baseline with its sign."""
        return f"{_SIGNS[indicator.direction]} {limit(indicator.baseline, indicator.unit)}"

    @display(description=_("target"))
    def target_limit(self, indicator: Indicator) -> str:
        """The target with its sign."""
        return f"{_SIGNS[indicator.direction]} {limit(indicator.target, indicator.unit)}"

    @display(description=_("source"), ordering="source", label=True)
    def source_name(self, indicator: Indicator) -> str:
        """Who measures it."""
        return indicator.get_source_display()
