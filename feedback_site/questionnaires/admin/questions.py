"""The page of one question of a draft.

Its type and what only that type has, its options or rows, and when it is asked.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import OwnedModelAdmin, ScopedTabularInline
from feedback_site.accounts.admin.display import display
from feedback_site.common.listing import labelled, listed
from feedback_site.common.texts import searched
from feedback_site.questionnaires.admin.conditions import QuestionConditionInline
from feedback_site.questionnaires.admin.questionnaires.previews import phone
from feedback_site.questionnaires.enums import Metric, OptionRole
from feedback_site.questionnaires.forms import OptionForm, OptionFormSet, QuestionForm, question_form
from feedback_site.questionnaires.forms.parts import keys_of_options
from feedback_site.questionnaires.forms.settings_fields import declared_settings
from feedback_site.questionnaires.models import Question, QuestionOption
from feedback_site.questionnaires.questions import QUESTION_CLASSES

_METRIC_COLOURS = {
    Metric.SATISFACTION.value: "success",
    Metric.NPS.value: "info",
    Metric.CES.value: "info",
    Metric.NONE.value: "default",
}
_ENDS = ("low_label", "high_label")


class _PartInline(ScopedTabularInline):
    """Options or rows in their order; they can be dragged, or numbered."""

    model = QuestionOption
    form = OptionForm
    formset = OptionFormSet
    ordering = ("position", "pk")
    ordering_field = "position"
    role = OptionRole.OPTION

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return those of this role."""
        return super().get_queryset(request).filter(role=self.role)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Keep the keys that answers are stored under."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.role = self.role
        formset.form.published = keys_of_options(obj) if obj is not None else frozenset()
        return formset


class OptionInline(_PartInline):
    fields = ("position", "text", "key", "is_exclusive", "asks_text")
    verbose_name_plural = _("Options")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask what an option says of the indicator where there is one."""
        return (*self.fields, "fulfils") if obj is not None and obj.indicator_id else self.fields


class RowInline(_PartInline):
    role = OptionRole.ROW
    fields = ("position", "text", "key")
    verbose_name = _("row")
    verbose_name_plural = _("Rows")


@admin.register(Question)
class QuestionAdmin(OwnedModelAdmin):
    form = QuestionForm
    compressed_fields = False
    list_display = (
        "key",
        "questionnaire",
        "page",
        "position",
        "shown_type",
        "shown_metric",
        "text",
        "is_required",
    )
    list_filter = ("questionnaire", "type", "metric", "is_required")
    list_select_related = ("questionnaire",)
    search_fields = ("key", *searched("text"))
    ordering = ("questionnaire", "page", "position", "pk")
    inlines = (OptionInline, RowInline, QuestionConditionInline)
    change_form_outer_after_template = "admin/questionnaires/questionnaire/phone.html"

    class Media:
        css = {"all": ["questionnaires/authoring.css"]}
        js = ["questionnaires/authoring.js"]

    @property
    def conditional_fields(self) -> dict[str, str]:
        """When the page shows a field: a setting with its type, names of ends with types that have ends."""
        with_ends = [name for name, kind in QUESTION_CLASSES.items() if kind.has_ends]
        return {
            **{name: f"type == '{kind}'" for name, kind, _setting in declared_settings()},
            **dict.fromkeys(_ENDS, f"{with_ends}.includes(type)"),
        }

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT002 - Django's signature
        """Ask for the settings of every type there is."""
        return super().get_form(request, obj, change, **{"form": question_form(), **kwargs})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show every type's settings in the form, whose script keeps the fitting ones.

        Staff who only read see those of the type, in words.
        """
        may_change = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return (
            (
                None,
                {
                    "fields": (
                        "questionnaire",
                        ("type", "is_required"),
                        "text",
                        "help",
                        *(_ENDS if obj is None or QUESTION_CLASSES[obj.type].has_ends or may_change else ()),
                        *(_settings_by_type() if may_change else ("shown_settings",)),
                    ),
                },
            ),
            (
                _("Position, ID and what it counts for"),
                {
                    "fields": (
                        ("page", "position", "question_set"),
                        ("key", "metric", "indicator"),
                        "condition_join",
                    )
                },
            ),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A question stays in its questionnaire: answers are read by both."""
        return ("questionnaire", "shown_settings") if obj else ("shown_settings",)

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """Offer what the type has, such as options.

        Before a question is saved its type may still become any, and nothing is asked before it.
        """
        if obj is None:
            return (OptionInline, RowInline)
        kind = QUESTION_CLASSES[obj.type]
        parts = [
            inline for inline, has in ((OptionInline, kind.has_options), (RowInline, kind.has_rows)) if has
        ]
        return (*parts, QuestionConditionInline)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add the phone beside the form, at this question."""
        question: Question | None = kwargs.get("obj")
        if question is not None:
            context["phone"] = phone(question.questionnaire, at=question.key)
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Go back to the questionnaire."""
        return _to_questionnaire(obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Go back to the questionnaire."""
        return _to_questionnaire(obj)

    @display(description=_("settings"))
    def shown_settings(self, question: Question) -> str:
        """What was set of its type, in words."""
        declared = {setting.name: setting for setting in QUESTION_CLASSES[question.type].settings_fields}
        return (
            listed(
                labelled(declared[name].label, value)
                for name, value in question.settings.items()
                if name in declared
            )
            or "–"
        )

    @display(description=_("type"), ordering="type", label=True)
    def shown_type(self, question: Question) -> str:
        """The type in words."""
        return question.get_type_display()

    @display(description=_("counts as"), ordering="metric", label=_METRIC_COLOURS)
    def shown_metric(self, question: Question) -> tuple[str, Any] | None:
        """What the answer is counted as, empty when it is not."""
        return None if question.metric == Metric.NONE else (question.metric, question.get_metric_display())


def _settings_by_type() -> list[tuple[str, ...]]:
    kinds = {name: kind for name, kind, _setting in declared_settings()}
    return [
        tuple(name for name, one in kinds.items() if one == kind) for kind in dict.fromkeys(kinds.values())
    ]


def _to_questionnaire(question: Question) -> HttpResponse:
    return HttpResponseRedirect(
        reverse("admin:questionnaires_questionnaire_change", args=[question.questionnaire_id])
    )
