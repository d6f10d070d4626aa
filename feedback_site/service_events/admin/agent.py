from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from feedback_site.accounts.admin import ScopedModelAdmin
from feedback_site.service_events.models import Agent


@admin.register(Agent)
class AgentAdmin(ScopedModelAdmin):
    list_display = ("code", "display_name", "team", "user", "source")
    list_filter = ("team", "source")
    list_select_related = ("team", "user")
    search_fields = ("code", "display_name")
    ordering = ("source", "code")
    fields = ("source", "code", "display_name", "team", "user")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep what the service system knows the agent by."""
        return ("source", "code") if obj else ()
