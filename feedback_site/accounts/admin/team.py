"""The tree of teams."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from feedback_site.accounts.admin.base import ScopedModelAdmin
from feedback_site.accounts.forms import TeamForm
from feedback_site.accounts.models import Team
from feedback_site.accounts.services import delete_team, save_team
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.texts import searched


@admin.register(Team)
class TeamAdmin(ScopedModelAdmin):
    form = TeamForm
    list_display = ("__str__", "code", "parent", "kind", "time_zone", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("parent",)
    search_fields = ("code", *searched("names"))
    ordering = ("code",)

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save through the service."""
        if isinstance(obj, Team):
            save_team(team=obj, by=staff_of(request), at=database_now())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete through the service."""
        delete_team(team=obj, by=staff_of(request), at=database_now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete each through the service."""
        for team in queryset:
            self.delete_model(request, team)
