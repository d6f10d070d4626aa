"""Published versions: what customers answer, frozen."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import OwnedModelAdmin, ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.common.languages import Language
from surveys.admin.publisher import ShowsPublisher
from surveys.enums import QuestionType
from surveys.models import QuestionnaireVersion


@admin.register(QuestionnaireVersion)
class QuestionnaireVersionAdmin(ShowsPublisher, ReadOnlyModelAdmin, OwnedModelAdmin):
    list_display = ("shown_number", "questionnaire", "question_count", "published_at", "publisher")
    list_filter = ("questionnaire",)
    list_select_related = ("questionnaire",)
    ordering = ("-published_at", "-pk")
    fields = ("questionnaire", "number", "published_at", "publisher", "questions")
    readonly_fields = fields

    @display(description=_("version"), ordering="number", label=True)
    def shown_number(self, version: QuestionnaireVersion) -> str:
        """The number as staff say it."""
        return _("version %(number)d") % {"number": version.number}

    @display(description=_("questions"))
    def question_count(self, version: QuestionnaireVersion) -> int:
        """How many questions the customer sees."""
        return len(version.document["questions"])

    @display(description=_("questions"))
    def questions(self, version: QuestionnaireVersion) -> SafeString:
        """The questions as customers read them, in both languages, with their options."""
        rows = ((self._question(question),) for question in version.document["questions"])
        return format_html('<ol class="leading-relaxed list-decimal ps-5">{}</ol>', format_html_join("", "<li>{}</li>", rows))

    def _question(self, question: dict[str, Any]) -> SafeString:
        texts: dict[str, str] = question["text"]
        options: list[dict[str, dict[str, str]]] = [*question["options"], *question.get("rows", [])]
        words = " / ".join(option["text"][Language.CHINESE.value] for option in options)
        kind = QuestionType(str(question["type"])).label
        return format_html("{} · {} <small>({}{})</small>", *(texts[code] for code in Language.values), kind, f": {words}" if words else "")
