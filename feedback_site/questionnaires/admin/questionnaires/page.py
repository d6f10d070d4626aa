"""The list of questionnaires, and the page of each draft."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.admin import OwnedModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.common.texts import searched
from feedback_site.questionnaires.admin.exchange import ExchangesQuestionnaires
from feedback_site.questionnaires.admin.questionnaires.inlines import (
    EndPageInline,
    QuestionInline,
    VersionInline,
)
from feedback_site.questionnaires.admin.questionnaires.lifecycle import LifecycleMixin
from feedback_site.questionnaires.admin.questionnaires.previews import PreviewsMixin, phone
from feedback_site.questionnaires.admin.questionnaires.publishing import PublishesMixin
from feedback_site.questionnaires.forms import QuestionnaireForm
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.selectors.completeness import Completeness, completeness_of

_ARCHIVED, _ALL = "archived", "all"


class StateFilter(admin.SimpleListFilter):
    """Those in use unless archived ones are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Offer the archive, and everything."""
        return [(_ARCHIVED, _("archived")), (_ALL, _("all, archived ones too"))]

    def choices(self, changelist: Any) -> Any:
        """Name what is shown by default."""
        first, *others = super().choices(changelist)
        return [{**first, "display": _("in use")}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Questionnaire]) -> QuerySet[Questionnaire]:
        """Keep the chosen state."""
        if self.value() == _ALL:
            return queryset
        return queryset.filter(archived_at__isnull=self.value() != _ARCHIVED)


@admin.register(Questionnaire)
class QuestionnaireAdmin(
    ExchangesQuestionnaires, PublishesMixin, PreviewsMixin, LifecycleMixin, OwnedModelAdmin
):
    form = QuestionnaireForm
    compressed_fields = False
    list_display = (
        "shown_name",
        "slug",
        "owner",
        "question_count",
        "translated",
        "published_version",
        "updated_at",
    )
    list_filter = (StateFilter, "team")
    list_select_related = ("team",)
    search_fields = ("slug", *searched("names"), *searched("title"))
    ordering = ("slug",)
    prepopulated_fields = {"slug": ("names",)}
    readonly_fields = ("updated_at",)
    fieldsets = (
        (None, {"fields": ("names", ("slug", "default_language"), ("team", "layout"))}),
        (
            _("What the customer reads"),
            {
                "fields": (
                    "title",
                    "intro",
                    "thanks",
                    "privacy",
                    ("hotline", "updated_at"),
                )
            },
        ),
    )
    inlines = (QuestionInline, EndPageInline, VersionInline)
    actions_list = ("import_questionnaire", "add_from_library")
    actions_detail = (
        "publish",
        "add_question",
        "try_out",
        {
            "title": _("More"),
            "icon": "more_horiz",
            "items": ["duplicate", "download_definition", "archive", "restore"],
        },
    )
    change_form_before_template = "admin/questionnaires/questionnaire/head.html"
    change_form_outer_after_template = "admin/questionnaires/questionnaire/phone.html"

    class Media:
        css = {"all": ["questionnaires/authoring.css"]}
        js = ["questionnaires/authoring.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Questionnaire]:
        """Return the questionnaires with the figures of the list.

        Their parts come along, for the meter of translations.
        """
        rows = super().get_queryset(request).prefetch_related("questions__options", "end_pages")
        return rows.annotate(questions_now=Count("questions", distinct=True), newest=Max("versions__number"))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the phone beside the form, and the meter above it."""
        questionnaire: Questionnaire | None = kwargs.get("obj")
        if questionnaire is not None:
            context |= {"phone": phone(questionnaire), "completeness": completeness_of(questionnaire)}
        return super().render_change_form(request, context, *args, **kwargs)

    @display(description=_("questionnaire"), header=True)
    def shown_name(self, questionnaire: Questionnaire) -> tuple[str, str]:
        """What staff call it, above what customers read."""
        return questionnaire.name, str(questionnaire.title)

    @display(description=pgettext_lazy("questionnaire", "owner team"), ordering="team")
    def owner(self, questionnaire: Questionnaire) -> str:
        """The team that owns it, if any."""
        return questionnaire.team.name if questionnaire.team else str(_("shared"))

    @display(description=_("questions"))
    def question_count(self, questionnaire: Any) -> int:
        """Questions of the draft."""
        count: int = questionnaire.questions_now
        return count

    @display(description=_("translated"))
    def translated(self, questionnaire: Questionnaire) -> str:
        """Texts written of those needed, by language."""
        meter: Completeness = completeness_of(questionnaire)
        return " · ".join(f"{name} {written}/{meter.needed}" for _code, name, written in meter.by_language)

    @display(
        description=_("published"), label={"published": "success", "draft": "warning", "archived": "default"}
    )
    def published_version(self, questionnaire: Any) -> tuple[str, Any]:
        """The version that new invitations use."""
        if questionnaire.archived_at:
            return "archived", _("archived")
        newest: int | None = questionnaire.newest
        return (
            ("published", _("version %(number)d") % {"number": newest})
            if newest
            else ("draft", _("draft only"))
        )
