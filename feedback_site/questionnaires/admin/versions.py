"""Published versions: what customers answer, frozen."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from feedback_site.accounts.admin import OwnedModelAdmin, ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.common.languages import reader_language
from feedback_site.common.listing import listed
from feedback_site.questionnaires.admin.publisher import ShowsPublisher
from feedback_site.questionnaires.document import QuestionContent
from feedback_site.questionnaires.models import QuestionnaireVersion
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.services.copying import restore_version


@admin.register(QuestionnaireVersion)
class QuestionnaireVersionAdmin(ShowsPublisher, ReadOnlyModelAdmin, OwnedModelAdmin):
    list_display = ("shown_number", "questionnaire", "question_count", "published_at", "publisher")
    list_filter = ("questionnaire",)
    list_select_related = ("questionnaire",)
    ordering = ("-published_at", "-pk")
    fields = (("questionnaire", "number"), ("published_at", "publisher"), "breaks_in_words", "questions")
    readonly_fields = ("questionnaire", "number", "published_at", "publisher", "breaks_in_words", "questions")
    technical_fields = ("breaks_in_words",)
    actions_detail = ("restore",)

    def has_restore_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Staff who may change the draft may write a version back into it."""
        return (
            request.user.has_perm("questionnaires.change_questionnaire")
            and obj is not None
            and self._is_theirs(request, obj)
        )

    @action(
        description=_("Restore into the draft"),
        url_path="restore",
        icon="settings_backup_restore",
        permissions=["restore"],
    )
    def restore(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, then write the version back into the draft."""
        version = self.row_or_404(request, object_id)
        if not self.has_restore_permission(request, version):
            raise PermissionDenied
        page = reverse("admin:questionnaires_questionnaire_change", args=[version.questionnaire_id])
        if request.method == "POST":
            restore_version(version=version)
            messages.success(
                request,
                _("The draft now matches version %(number)d. It has not been published.")
                % {"number": version.number},
            )
            return HttpResponseRedirect(page)
        text = _(
            "The draft's texts, questions, options, conditions and end pages are replaced by those of this "
            "version."
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Restore version %(number)d into the draft") % {"number": version.number},
            "questionnaire": version.questionnaire,
            "text": text,
            "button": _("Restore"),
            "page": page,
        }
        return TemplateResponse(request, "admin/questionnaires/questionnaire/confirm.html", context)

    @display(description=_("version"), ordering="number", label=True)
    def shown_number(self, version: QuestionnaireVersion) -> str:
        """The number as staff say it."""
        return _("version %(number)d") % {"number": version.number}

    @display(description=_("figures not comparable"))
    def breaks_in_words(self, version: QuestionnaireVersion) -> str:
        """Questions whose figures before and after this version are not of one kind."""
        return listed(version.breaks) or "–"

    @display(description=_("questions"))
    def question_count(self, version: QuestionnaireVersion) -> int:
        """How many questions the customer sees."""
        return len(version.content.questions)

    @display(description=_("questions"))
    def questions(self, version: QuestionnaireVersion) -> SafeString:
        """The questions as customers read them, in each language, with their options."""
        languages = version.content.languages
        rows = ((_in_words(question, languages),) for question in version.content.questions)
        return format_html(
            '<ol class="leading-relaxed list-decimal ps-5">{}</ol>', format_html_join("", "<li>{}</li>", rows)
        )


def _in_words(question: QuestionContent, languages: Sequence[str]) -> SafeString:
    """Return the question in each of `languages`, its options in that of the reader."""
    reader = reader_language().value
    shown = reader if reader in languages else languages[0]
    words = " / ".join(option.text[shown] for option in (*question.options, *question.rows))
    return format_html(
        "{} <small>({}{})</small>",
        " · ".join(question.text[code] for code in languages),
        QUESTION_CLASSES[question.type].label,
        f": {words}" if words else "",
    )
