"""Tallies: the counts that dashboards and evaluations read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.list_filters import DayRangeFilter
from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.services.signed_in import staff_of
from surveys.models import AgentTally, IndicatorTally, ResponseTally


@admin.register(ResponseTally)
class ResponseTallyAdmin(ReadOnlyModelAdmin):
    list_display = (
        "day",
        "purpose",
        "team",
        "survey",
        "kind",
        "channel",
        "segment",
        "measure",
        "value",
        "count",
    )
    list_filter = (
        "purpose",
        "measure",
        "team",
        "survey",
        "kind",
        "channel",
        "segment",
        ("day", DayRangeFilter),
    )
    list_filter_submit = True
    list_select_related = ("team", "survey", "kind", "channel", "segment")
    ordering = ("-day", "-pk")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse readers who see figures only: single cells hold one answer as often as not.

        They see them where dashboards pool them.
        """
        return _sees_cases(request) and super().has_view_permission(request, obj)


@admin.register(IndicatorTally)
class IndicatorTallyAdmin(ReadOnlyModelAdmin):
    list_display = ("day", "team", "indicator", "value", "count")
    list_filter = ("indicator", "team", ("day", DayRangeFilter))
    list_filter_submit = True
    list_select_related = ("team", "indicator")
    ordering = ("-day", "-pk")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As for response tallies."""
        return _sees_cases(request) and super().has_view_permission(request, obj)


@admin.register(AgentTally)
class AgentTallyAdmin(ReadOnlyModelAdmin):
    list_display = ("day", "purpose", "team", "agent", "measure", "value", "count")
    list_filter = ("purpose", "measure", "team", "agent", ("day", DayRangeFilter))
    list_filter_submit = True
    list_select_related = ("team", "agent")
    ordering = ("-day", "-pk")


def _sees_cases(request: HttpRequest) -> bool:
    return staff_of(request).data_scope is not DataScope.AGGREGATES
