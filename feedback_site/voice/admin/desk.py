"""The voice desk: one row."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from feedback_site.accounts.admin import ScopedModelAdmin
from feedback_site.voice.models import VoiceDesk
from feedback_site.voice.models.desk import THE_DESK
from feedback_site.voice.services import set_desk


@admin.register(VoiceDesk)
class VoiceDeskAdmin(ScopedModelAdmin):
    fields = ("team",)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Lead to the one row, or to where it is made."""
        if not self.has_view_permission(request):
            response: HttpResponse = super().changelist_view(request, extra_context)
            return response
        if VoiceDesk.objects.exists():
            return redirect("admin:voice_voicedesk_change", THE_DESK)
        return redirect("admin:voice_voicedesk_add")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one desk."""
        return super().has_add_permission(request) and not VoiceDesk.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Somebody always takes in what customers write."""
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """State the team by its service."""
        obj.pk = set_desk(team=form.cleaned_data["team"]).pk

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Stay: there is no list."""
        super().response_change(request, obj)
        return redirect("admin:voice_voicedesk_change", obj.pk)
