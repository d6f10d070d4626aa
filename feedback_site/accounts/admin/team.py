"""The tree of teams."""

from django.contrib import admin

from feedback_site.accounts.admin.base import ScopedModelAdmin
from feedback_site.accounts.forms import TeamForm
from feedback_site.accounts.models import Team


@admin.register(Team)
class TeamAdmin(ScopedModelAdmin):
    form = TeamForm
    list_display = ("__str__", "code", "parent", "kind", "time_zone", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("parent",)
    search_fields = ("code", "name_en", "name_zh_hans")
    ordering = ("code",)
