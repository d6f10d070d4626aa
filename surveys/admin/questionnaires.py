"""Questionnaires: the draft is edited, then published into a frozen version."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant

from feedback_site.accounts.admin import OwnedModelAdmin, ScopedTabularInline
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.models import User
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from surveys.admin.exchange import ExchangesQuestionnaires
from surveys.admin.publisher import ShowsPublisher
from surveys.enums import Metric, QuestionType
from surveys.models import Question, Questionnaire, QuestionnaireVersion, QuestionOption
from surveys.services.publishing import draft_faults, publish_questionnaire

_WITH_OPTIONS = {QuestionType.CHOICE, QuestionType.MULTIPLE, QuestionType.MATRIX}


class QuestionInline(ScopedTabularInline):
    """The questions in their order; the rest of each, and its options, is on its own page."""

    model = Question
    fields = ("position", "key", "type", "metric", "text_zh_hans", "text_en", "is_required")
    ordering = ("position", "pk")
    show_change_link = True


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


class OptionInline(ScopedTabularInline):
    """The options of a choice, or the rows of a matrix, in their order."""

    model = QuestionOption
    fields = ("role", "position", "key", "text_zh_hans", "text_en", "is_exclusive", "asks_text")
    ordering = ("position", "pk")


@admin.register(Questionnaire)
class QuestionnaireAdmin(ExchangesQuestionnaires, OwnedModelAdmin):
    list_display = ("shown_name", "slug", "owner", "question_count", "published_version", "updated_at")
    list_filter = ("team",)
    list_select_related = ("team",)
    search_fields = ("slug", "name_en", "name_zh_hans", "title_en", "title_zh_hans")
    ordering = ("slug",)
    prepopulated_fields = {"slug": ("name_en",)}
    readonly_fields = ("updated_at",)
    fieldsets = (
        (None, {"fields": (("name_zh_hans", "name_en"), ("slug", "default_language"), ("team", "updated_at"))}),
        (
            _("What the customer reads"),
            {"fields": (("title_zh_hans", "title_en"), ("intro_zh_hans", "intro_en"), ("thanks_zh_hans", "thanks_en"))},
        ),
    )
    inlines = (QuestionInline, VersionInline)
    actions_list = ("import_questionnaire", "add_from_library")
    actions_detail = ("publish", "download_definition")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Questionnaire]:
        """Return the questionnaires with the figures of the list."""
        return super().get_queryset(request).annotate(questions_now=Count("questions", distinct=True), newest=Max("versions__number"))

    @display(description=_("questionnaire"), header=True)
    def shown_name(self, questionnaire: Questionnaire) -> tuple[str, str]:
        """What staff call it, above what customers read."""
        return questionnaire.name, questionnaire.title_zh_hans

    @display(description=_("owner"), ordering="team")
    def owner(self, questionnaire: Questionnaire) -> str:
        """The team that owns it, if any."""
        return questionnaire.team.name if questionnaire.team else str(_("shared"))

    @display(description=_("questions"))
    def question_count(self, questionnaire: Any) -> int:
        """Questions of the draft."""
        count: int = questionnaire.questions_now
        return count

    @display(description=_("published"), label={"published": "success", "draft": "warning"})
    def published_version(self, questionnaire: Any) -> tuple[str, Any]:
        """The version that new invitations use."""
        newest: int | None = questionnaire.newest
        return ("published", _("version %(number)d") % {"number": newest}) if newest else ("draft", _("draft only"))

    @action(description=_("Publish"), url_path="publish", icon="publish", permissions=["change"], variant=ActionVariant.PRIMARY)
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what would be published, and publish when that was confirmed."""
        questionnaire = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_change_permission(request, questionnaire):
            raise PermissionDenied
        page = reverse("admin:surveys_questionnaire_change", args=[questionnaire.pk])
        if request.method == "POST":
            self._publish(request, questionnaire)
            return HttpResponseRedirect(page)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Publish the questionnaire"),
            "opts": self.opts,
            "questionnaire": questionnaire,
            "faults": draft_faults(questionnaire),
            "questions": questionnaire.questions.order_by("position", "pk"),
            "page": page,
        }
        return TemplateResponse(request, "admin/surveys/questionnaire/publish.html", context)

    def _publish(self, request: HttpRequest, questionnaire: Any) -> None:
        by = request.user if isinstance(request.user, User) else None
        before: int | None = questionnaire.newest
        try:
            version = publish_questionnaire(questionnaire=questionnaire, by=by, at=database_now())
        except DomainError as error:
            messages.error(request, str(error))
            return
        if version.number == before:
            messages.info(request, _("Nothing has changed since version %(number)d.") % {"number": version.number})
            return
        messages.success(request, _("Version %(number)d is published: new invitations use it.") % {"number": version.number})


@admin.register(Question)
class QuestionAdmin(OwnedModelAdmin):
    list_display = ("key", "questionnaire", "position", "shown_type", "shown_metric", "text_zh_hans", "is_required")
    list_filter = ("questionnaire", "type", "metric", "is_required")
    list_select_related = ("questionnaire",)
    search_fields = ("key", "text_en", "text_zh_hans")
    ordering = ("questionnaire", "position", "pk")
    fieldsets = (
        (None, {"fields": ("questionnaire", ("key", "position"), ("type", "metric"), "is_required")}),
        (
            _("What the customer reads"),
            {
                "fields": (
                    ("text_zh_hans", "text_en"),
                    ("help_zh_hans", "help_en"),
                    ("low_label_zh_hans", "low_label_en"),
                    ("high_label_zh_hans", "high_label_en"),
                )
            },
        ),
    )
    inlines = (OptionInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A question stays in its questionnaire: answers are read by both."""
        return ("questionnaire",) if obj else ()

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Only choices and matrices have options or rows."""
        has_options = obj is None or obj.type in _WITH_OPTIONS
        return super().get_inline_instances(request, obj) if has_options else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the question, and say what is still missing of a choice."""
        super().save_model(request, obj, form, change)
        if obj.type in _WITH_OPTIONS and not change:
            messages.info(request, _("Add at least two options before publishing."))

    @display(description=_("type"), ordering="type", label=True)
    def shown_type(self, question: Question) -> str:
        """The type in words."""
        return question.get_type_display()

    @display(description=_("counts as"), ordering="metric", label={Metric.SATISFACTION: "success", Metric.NPS: "info"})
    def shown_metric(self, question: Question) -> tuple[str, Any] | None:
        """What the answer is counted as, empty when it is not."""
        return None if question.metric == Metric.NONE else (question.metric, question.get_metric_display())
