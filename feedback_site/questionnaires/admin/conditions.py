"""Conditions of a question or an end page, picked from lists."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.admin import ScopedTabularInline
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.scope import scoped
from feedback_site.accounts.models import Team
from feedback_site.questionnaires.forms import ConditionForm
from feedback_site.questionnaires.models import Condition, EndPage, Question
from feedback_site.questionnaires.selectors.condition_subjects import (
    ConditionSubject,
    fact_subjects,
    question_subjects,
)


class ConditionInline(ScopedTabularInline):
    """When a question is asked, or an end page shown; empty: always."""

    model = Condition
    form = ConditionForm
    fields = ("depends_on", "operator", "choice", "value")
    ordering = ("position", "pk")
    verbose_name_plural = _("Conditions: asked only when these hold")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Offer the questions before this one, and the facts of events.

        Of teams, those that the author sees.
        """
        formset = super().get_formset(request, obj, **kwargs)
        if obj is not None:
            formset.form.subjects = [
                *question_subjects(_before(obj)),
                *fact_subjects(scoped(Team.objects.all(), request.user)),
            ]
            formset.form.questionnaire_id = obj.questionnaire_id
        return formset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the conditions with the questions that they name."""
        return super().get_queryset(request).select_related("subject")

    @display(description=pgettext_lazy("condition", "when the question"))
    def depends_on(self, condition: Condition) -> str:
        """For those who only read."""
        return str(condition.subject or condition.get_fact_display())

    @display(description=pgettext_lazy("condition", "option"))
    def choice(self, condition: Condition) -> str:
        """For those who only read: the value stands in the next column."""
        return ""


class QuestionConditionInline(ConditionInline):
    fk_name = "question"


class EndPageConditionInline(ConditionInline):
    fk_name = "end_page"
    verbose_name_plural = _("Conditions: shown only when these hold")


def _before(part: Question | EndPage) -> list[Question]:
    """Return the questions that are asked before a question, or before an end page, with their options."""
    questions = list(
        part.questionnaire.questions.order_by("page", "position", "pk").prefetch_related("options")
    )
    if isinstance(part, EndPage):
        return questions
    place = next((number for number, question in enumerate(questions) if question.pk == part.pk), 0)
    return questions[:place]


__all__ = ["ConditionSubject", "EndPageConditionInline", "QuestionConditionInline"]
