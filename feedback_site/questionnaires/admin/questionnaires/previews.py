"""The draft as customers would see it: beside the form, and tried out to its end. Nothing of it is stored."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.csrf import get_token
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from feedback_site.common.languages import Language
from feedback_site.common.public_pages import LANGUAGES_ASKED
from feedback_site.questionnaires.admin.questionnaires.base import QuestionnairePages
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.pages.preview import framed_policy, preview
from feedback_site.questionnaires.pages.trial import try_out
from feedback_site.questionnaires.services.previewing import EVERYTHING, branches_of
from feedback_site.questionnaires.services.publishing.compiling import compile_draft


class PreviewsMixin(QuestionnairePages):
    """The pages `preview`, for a frame, and `try`, for a tab of its own."""

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the frame."""
        view = self.admin_site.admin_view(self.preview_view)
        return [
            path("<path:object_id>/preview/", view, name="questionnaires_questionnaire_preview"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show one branch of the draft in one language."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        questionnaire = self.found(request, object_id, to_change=False)
        branch = request.GET.get("branch", EVERYTHING)
        page = preview(
            compile_draft(questionnaire), language=_language(request, questionnaire), branch=branch
        )
        headers = {
            "Content-Security-Policy": framed_policy(),
            "X-Frame-Options": "SAMEORIGIN",
            "Cache-Control": "no-store",
        }
        return HttpResponse(page, headers=headers)

    @action(
        description=_("Try it out"),
        url_path="try",
        icon="play_circle",
        permissions=["view"],
        attrs={"target": "_blank"},
    )
    def try_out(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take the author through the draft as a customer; nothing is stored."""
        questionnaire = self.found(request, object_id, to_change=False)
        trial = try_out(
            compile_draft(questionnaire),
            language=_language(request, questionnaire),
            sent=_sent(request) if request.method == "POST" else None,
            csrf_token=get_token(request),
        )
        headers = {"Content-Security-Policy": trial.page.policy, "Cache-Control": "no-store"}
        return HttpResponse(trial.page.plain, headers=headers)


def _sent(request: HttpRequest) -> dict[str, list[str]]:
    """Return the fields of a trial; of files their names, since nothing of them is kept."""
    names = {name: [file.name or "file" for file in files] for name, files in request.FILES.lists()}
    return {name: request.POST.getlist(name) for name in request.POST} | names


def phone(questionnaire: Questionnaire, *, at: str = "") -> dict[str, Any]:
    """Return what the frame beside a form shows; `at` is the key of a question to scroll to."""
    document = compile_draft(questionnaire)
    address = reverse("admin:questionnaires_questionnaire_preview", args=[questionnaire.pk])
    return {
        "address": address,
        "try_address": reverse("admin:questionnaires_questionnaire_try_out", args=[questionnaire.pk]),
        "fragment": f"#c-{at}" if at else "",
        "languages": [(code, Language(code).label) for code in document.languages],
        "language": document.default_language,
        "branches": branches_of(document),
    }


def _language(request: HttpRequest, questionnaire: Questionnaire) -> str:
    return LANGUAGES_ASKED.get(request.GET.get("lang", ""), questionnaire.default_language)
