"""The tree of teams."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from feedback_site.accounts.admin.base import ScopedModelAdmin
from feedback_site.accounts.forms import TeamForm
from feedback_site.accounts.models import Team


@admin.register(Team)
class TeamAdmin(ScopedModelAdmin):
    form = TeamForm
    list_display = ("indented_name", "code", "kind", "time_zone", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("code", "name_en", "name_zh_hans")
    ordering = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        """Return the reader's teams, each below its parent."""
        return Team.objects.for_user(request.user).with_tree_fields()

    @display(description=_("name"))
    def indented_name(self, team: Team) -> str:
        """The name, indented by its depth in the tree."""
        return format_html('<span style="padding-inline-start:{}rem">{}</span>', getattr(team, "tree_depth", 0) * 1.5, team.name)
