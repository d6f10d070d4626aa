"""Tallies: the counts that dashboards and evaluations read."""

from django.contrib import admin
from unfold.contrib.filters.admin import RangeDateFilter

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from surveys.models import AgentTally, ResponseTally


@admin.register(ResponseTally)
class ResponseTallyAdmin(ReadOnlyModelAdmin):
    list_display = ("day", "purpose", "team", "survey", "kind", "channel", "segment", "measure", "value", "count")
    list_filter = ("purpose", "measure", "team", "survey", "kind", "channel", "segment", ("day", RangeDateFilter))
    list_filter_submit = True
    list_select_related = ("team", "survey", "kind", "channel", "segment")
    ordering = ("-day", "-pk")


@admin.register(AgentTally)
class AgentTallyAdmin(ReadOnlyModelAdmin):
    list_display = ("day", "purpose", "team", "agent", "measure", "value", "count")
    list_filter = ("purpose", "measure", "team", "agent", ("day", RangeDateFilter))
    list_filter_submit = True
    list_select_related = ("team", "agent")
    ordering = ("-day", "-pk")
