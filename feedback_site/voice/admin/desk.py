"""The voice desk: one row."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from feedback_site.accounts.admin import ScopedModelAdmin
from feedback_site.voice.models import VoiceDesk
from feedback_site.voice.services import set_desk


@admin.register(VoiceDesk)
class VoiceDeskAdmin(ScopedModelAdmin):
    fields = ("team",)
    list_display = ("__str__", "team")
    list_select_related = ("team",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one desk. Every staff page asks for its menu; only the desk's own pages look."""
        may_add = super().has_add_permission(request)
        page = request.resolver_match.url_name if request.resolver_match else None
        return may_add and not ((page or "").startswith("voice_voicedesk") and VoiceDesk.objects.exists())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One team always takes in what customers write."""
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """State the team by its service."""
        obj.pk = set_desk(team=form.cleaned_data["team"]).pk
