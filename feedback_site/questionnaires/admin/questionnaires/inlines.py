"""The tables in a questionnaire's page: questions, end pages, versions."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.admin import ScopedTabularInline
from feedback_site.accounts.admin.display import display
from feedback_site.questionnaires.admin.publisher import ShowsPublisher
from feedback_site.questionnaires.forms import EndPageForm, EndPageFormSet, QuestionFormSet, QuestionRowForm
from feedback_site.questionnaires.models import EndPage, Question, QuestionnaireVersion


def _edit(page: str, row: Any) -> str:
    return (
        format_html('<a class="edit-link" href="{}">{}</a>', reverse(page, args=[row.pk]), _("edit"))
        if row.pk
        else "–"
    )


class QuestionInline(ScopedTabularInline):
    """The questions in their order, to be dragged or numbered.

    The rest of each, and its options, is on its own page.
    """

    model = Question
    form = QuestionRowForm
    formset = QuestionFormSet
    fields = ("position", "more", "page", "type", "text", "is_required")
    readonly_fields = ("more",)
    ordering = ("page", "position", "pk")
    ordering_field = "position"
    hide_title = False
    verbose_name_plural = _("Questions")

    @display(description=pgettext_lazy("question", "options and conditions"))
    def more(self, question: Question) -> str:
        """Lead to the question's own page."""
        return _edit("admin:questionnaires_question_change", question)


class EndPageInline(ScopedTabularInline):
    """What customers read instead of the thanks; when, is on each one's own page."""

    model = EndPage
    form = EndPageForm
    formset = EndPageFormSet
    fields = ("position", "more", "text", "redirect_url")
    readonly_fields = ("more",)
    ordering = ("position", "pk")
    ordering_field = "position"
    hide_title = False
    verbose_name_plural = _("End pages: the first whose conditions hold is shown instead of the thanks")

    @display(description=pgettext_lazy("question", "options and conditions"))
    def more(self, end: EndPage) -> str:
        """Lead to the end page's own page."""
        return _edit("admin:questionnaires_endpage_change", end)


class VersionInline(ShowsPublisher, ScopedTabularInline):
    """What was published, newest first."""

    model = QuestionnaireVersion
    fields = ("number", "published_at", "publisher")
    readonly_fields = fields
    ordering = ("-number",)
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Versions are made by publishing."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Published is frozen."""
        return False
