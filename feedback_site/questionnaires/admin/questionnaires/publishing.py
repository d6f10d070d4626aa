"""The page before publishing: what forbids it, what may be regretted, what changes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant

from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.questionnaires.admin.questionnaires.base import QuestionnairePages
from feedback_site.questionnaires.document import Document, Texts
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.services.publishing import Review, publish_questionnaire, review_draft

_CHANGES = (
    ("added", _("new")),
    ("removed", _("removed")),
    ("reworded", _("reworded: figures before and after may not be comparable")),
    ("rescaled", _("another scale: figures before and after are not comparable")),
    ("moved", _("moved")),
)


class PublishesMixin(QuestionnairePages):
    """The action `publish`."""

    @action(
        description=_("Publish"),
        url_path="publish",
        icon="publish",
        permissions=["change"],
        variant=ActionVariant.PRIMARY,
    )
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what would be published, and publish when that was confirmed."""
        questionnaire = self.found(request, object_id, to_change=True)
        page = self.page_of(questionnaire)
        if request.method == "POST":
            self._publish(request, questionnaire)
            return HttpResponseRedirect(page)
        review = review_draft(questionnaire)
        pages = {
            key: reverse("admin:questionnaires_question_change", args=[pk])
            for key, pk in questionnaire.questions.values_list("key", "pk")
        }
        context = {
            **self.admin_site.each_context(request),
            "title": _("Publish the questionnaire"),
            "opts": self.opts,
            "questionnaire": questionnaire,
            "review": review,
            "faults": _linked(review.faults, pages),
            "warnings": _linked(review.warnings, pages),
            "changes": _changes(review),
            "page": page,
        }
        return TemplateResponse(request, "admin/questionnaires/questionnaire/publish.html", context)

    def _publish(self, request: HttpRequest, questionnaire: Questionnaire) -> None:
        before = questionnaire.versions.count()
        try:
            version = publish_questionnaire(
                questionnaire=questionnaire, by=staff_of(request), at=database_now()
            )
        except DomainError as error:
            messages.error(request, str(error))
            return
        if questionnaire.versions.count() == before:
            messages.info(
                request, _("Nothing has changed since version %(number)d.") % {"number": version.number}
            )
            return
        messages.success(
            request,
            _("Version %(number)d is published: new invitations use it.") % {"number": version.number},
        )


def _linked(found: list[tuple[str, str]], pages: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "sentence": sentence, "page": pages.get(key, "")} for key, sentence in found]


def _changes(review: Review) -> list[dict[str, Any]]:
    texts = {
        question.key: question.text for document in _documents(review) for question in document.questions
    }
    return [
        {
            "kind": kind,
            "label": label,
            "questions": [{"key": key, **_spoken(texts[key])} for key in getattr(review.changes, kind)],
        }
        for kind, label in _CHANGES
        if getattr(review.changes, kind)
    ]


def _documents(review: Review) -> list[Document]:
    return [*([review.latest.content] if review.latest else []), review.document]


def _spoken(text: Texts) -> dict[str, str]:
    return {"zh": text.get("zh-hans", ""), "en": text.get("en", "")}
