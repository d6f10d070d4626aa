"""The form of one question."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from feedback_site.questionnaires.enums import Metric
from feedback_site.questionnaires.forms.settings_fields import (
    initial_settings,
    read_settings,
    settings_form_fields,
)
from feedback_site.questionnaires.forms.words import need_texts, propose_keys
from feedback_site.questionnaires.models import Question
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.selectors.published_keys import published_keys
from feedback_site.questionnaires.services.drafting import complete_question, count_as_usual


class QuestionForm(forms.ModelForm):
    """A question with the settings of its type.

    What the author leaves open is filled in, what does not fit is said at the field.
    """

    class Meta:
        model = Question
        fields = "__all__"  # noqa: DJ007 - the ModelAdmin names the fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        question: Question = self.instance
        need_texts(self, "text")
        propose_keys(
            self, is_published=bool(question.pk) and question.key in published_keys(question.questionnaire_id)
        )
        if "position" in self.fields:
            self.fields["position"].required = False
        if not question.pk and "metric" in self.fields:
            self._offer_the_usual_metric()
        if "type" in self.fields:
            self.fields["type"].widget.attrs["data-shapes"] = _shapes()
        self.initial = {**initial_settings(question.type, question.settings), **self.initial}

    def _offer_the_usual_metric(self) -> None:
        """Let the type decide what a new question counts as, unless its author does."""
        field = self.fields["metric"]
        field.choices = [("", _("As usual: the first rating counts as satisfaction")), *Metric.choices]  # type: ignore[attr-defined]  # a choice field
        field.required = False
        self.initial["metric"] = ""

    def clean(self) -> dict[str, Any]:
        """Check what fields say of each other."""
        data = super().clean() or self.cleaned_data
        kind = data.get("type") or ""
        if kind in QUESTION_CLASSES:
            self.instance.settings = read_settings(self, kind, self.instance.settings)
            self._propose_metric(kind, data)
            self._check_metric(kind, data.get("metric") or Metric.NONE)
        self._complete(data)
        return data

    def _propose_metric(self, kind: str, data: dict[str, Any]) -> None:
        questionnaire = data.get("questionnaire")
        if data.get("metric") == "" and questionnaire is not None:
            proposed = Question(questionnaire=questionnaire, type=kind, settings=self.instance.settings)
            count_as_usual(proposed)
            data["metric"] = proposed.metric

    def _complete(self, data: dict[str, Any]) -> None:
        question, questionnaire = self.instance, data.get("questionnaire")
        questionnaire_id = questionnaire.pk if questionnaire else question.questionnaire_id
        if questionnaire_id is None:
            return
        key = data.get("key") or ""
        others = Question.objects.filter(questionnaire_id=questionnaire_id).exclude(pk=question.pk)
        if key and others.filter(key=key).exists():
            self.add_error("key", _("Another question of this questionnaire has this ID."))
        if data.get("metric", Metric.NONE) != Metric.NONE and others.filter(metric=data["metric"]).exists():
            self.add_error("metric", _("Another question of this questionnaire counts as this already."))
        proposed = Question(
            pk=question.pk, questionnaire_id=questionnaire_id, key=key, text=data.get("text") or {}
        )
        proposed.position = data.get("position") or 0
        complete_question(proposed)
        data["key"], data["position"] = proposed.key, proposed.position

    def _check_metric(self, kind: str, metric: str) -> None:
        if not QUESTION_CLASSES[kind].may_count_as(metric):
            self.add_error(
                "metric",
                _("This type of question cannot count as %(metric)s.") % {"metric": Metric(metric).label},
            )


def question_form() -> type[QuestionForm]:
    """Return the form with the settings of every type as fields."""
    return type("QuestionForm", (QuestionForm,), {"__module__": __name__, **settings_form_fields()})


def _shapes() -> str:
    """Return, for the page's script, what each type has: tables, and the metric it is chosen for."""
    return json.dumps(
        {
            name: {"options": kind.has_options, "rows": kind.has_rows, "metric": kind.made_for}
            for name, kind in QUESTION_CLASSES.items()
        }
    )
