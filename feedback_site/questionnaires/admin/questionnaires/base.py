"""What the actions of a questionnaire's page share."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from feedback_site.accounts.admin import OwnedModelAdmin
from feedback_site.questionnaires.models import Questionnaire

if TYPE_CHECKING:
    _Base = OwnedModelAdmin
else:
    _Base = object


class QuestionnairePages(_Base):
    """Finds the questionnaire that a page is about, within scope."""

    def found(self, request: HttpRequest, object_id: str, *, to_change: bool) -> Any:
        """Return the questionnaire; 404 outside the reader's scope.

        403 for staff who may only read it, where `to_change`.
        """
        questionnaire = self.row_or_404(request, object_id)
        may = self.has_change_permission if to_change else self.has_view_permission
        if not may(request, questionnaire):
            raise PermissionDenied
        return questionnaire

    def page_of(self, questionnaire: Questionnaire) -> str:
        """Return the address of a questionnaire's own page."""
        return reverse("admin:questionnaires_questionnaire_change", args=[questionnaire.pk])

    def confirm(self, request: HttpRequest, questionnaire: Questionnaire, **words: Any) -> HttpResponse:
        """Ask before something is done; `words` are title, text and button."""
        context = {
            **self.admin_site.each_context(request),
            "opts": Questionnaire._meta,  # noqa: SLF001 - Django's documented API
            "questionnaire": questionnaire,
            "page": self.page_of(questionnaire),
            **words,
        }
        return TemplateResponse(request, "admin/questionnaires/questionnaire/confirm.html", context)
