"""End pages: what a customer reads instead of the thanks, and when."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from feedback_site.accounts.admin import OwnedModelAdmin
from feedback_site.common.texts import searched
from feedback_site.questionnaires.admin.conditions import EndPageConditionInline
from feedback_site.questionnaires.forms import EndPageForm
from feedback_site.questionnaires.models import EndPage


@admin.register(EndPage)
class EndPageAdmin(OwnedModelAdmin):
    form = EndPageForm
    compressed_fields = False
    list_display = ("key", "questionnaire", "position", "text")
    list_filter = ("questionnaire",)
    list_select_related = ("questionnaire",)
    search_fields = ("key", *searched("text"))
    ordering = ("questionnaire", "position", "pk")
    fields = (
        "questionnaire",
        "text",
        "redirect_url",
        ("key", "position"),
        "condition_join",
    )
    inlines = (EndPageConditionInline,)

    class Media:
        css = {"all": ["questionnaires/authoring.css"]}
        js = ["questionnaires/authoring.js"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """End pages are added in their questionnaire's page."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """An end page stays in its questionnaire."""
        return ("questionnaire", "key")

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Go back to the questionnaire."""
        return HttpResponseRedirect(
            reverse("admin:questionnaires_questionnaire_change", args=[obj.questionnaire_id])
        )
