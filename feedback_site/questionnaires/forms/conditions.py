"""One condition, picked from lists: what it depends on, how it is compared, and with which value."""

import json
from collections.abc import Sequence
from datetime import date
from math import isfinite
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from feedback_site.common.listing import listed
from feedback_site.questionnaires.enums import ConditionOperator, ConditionSource
from feedback_site.questionnaires.models import Condition
from feedback_site.questionnaires.questions import AnswerKind
from feedback_site.questionnaires.questions.base import EMPTINESS
from feedback_site.questionnaires.selectors.condition_subjects import ConditionSubject

_SEPARATOR = "="


class ConditionForm(forms.ModelForm):
    """A condition of a question or an end page.

    The inline says which subjects there are and whose condition it is. Values stand grouped by subject, so
    that the form works without its script, which only shows the fitting ones.
    """

    subjects: ClassVar[Sequence[ConditionSubject]] = ()
    questionnaire_id: ClassVar[int | None] = None

    depends_on = forms.ChoiceField(
        label=pgettext_lazy("condition", "when the question"), widget=UnfoldAdminSelectWidget
    )
    choice = forms.ChoiceField(
        label=pgettext_lazy("condition", "option"), required=False, widget=UnfoldAdminSelectWidget
    )

    class Meta:
        model = Condition
        fields = ("operator", "value")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer()
        if self.instance.pk is None:
            return
        reference = _reference_of(self.instance)
        self.initial["depends_on"] = reference
        subject = next((one for one in self.subjects if one.reference == reference), None)
        if subject is not None and subject.values:
            self.initial["value"] = ""
            if self.instance.value in dict(subject.values):
                self.initial["choice"] = f"{reference}{_SEPARATOR}{self.instance.value}"

    def _offer(self) -> None:
        questions = [subject for subject in self.subjects if subject.question_id]
        facts = [subject for subject in self.subjects if subject.fact]
        groups = [(_("Earlier questions"), questions), (_("About the service event"), facts)]
        depends_on, choice = (
            cast("forms.ChoiceField", self.fields[name]) for name in ("depends_on", "choice")
        )
        depends_on.choices = [
            ("", "---------"),
            *((name, [(one.reference, one.label) for one in group]) for name, group in groups if group),
        ]
        choice.choices = [
            ("", "---------"),
            *(
                (one.label, [(f"{one.reference}{_SEPARATOR}{value}", label) for value, label in one.values])
                for one in self.subjects
                if one.values
            ),
        ]
        shape = {
            one.reference: {"operators": list(one.operators), "kind": "list" if one.values else one.kind}
            for one in self.subjects
        }
        depends_on.widget.attrs |= {
            "data-subjects": json.dumps(shape),
            "class": f"{depends_on.widget.attrs.get('class', '')} condition-on",
        }
        value = self.fields["value"]
        value.label, value.help_text = _("or type a value"), ""
        value.widget = UnfoldAdminTextInputWidget(attrs={"placeholder": _("number, day or words")})
        value.required = False

    def clean(self) -> dict[str, Any]:
        """Check the three parts against each other, and write them as the condition's own columns."""
        data = super().clean() or self.cleaned_data
        subject = next((one for one in self.subjects if one.reference == data.get("depends_on")), None)
        if subject is None or not data.get("operator"):
            return data
        operator = ConditionOperator(data["operator"])
        if operator not in subject.operators:
            names = listed(str(one.label) for one in subject.operators)
            self.add_error("operator", _("Possible comparisons: %(comparisons)s.") % {"comparisons": names})
        data["value"] = "" if operator in EMPTINESS else self._value(subject, data)
        condition = self.instance
        condition.questionnaire_id = self.questionnaire_id
        condition.source = ConditionSource.EVENT if subject.fact else ConditionSource.ANSWER
        condition.subject_id, condition.fact = subject.question_id, subject.fact
        return data

    def _value(self, subject: ConditionSubject, data: dict[str, Any]) -> str:
        if subject.values:
            reference, _separator, value = (data.get("choice") or "").partition(_SEPARATOR)
            if reference != subject.reference:
                self.add_error("choice", _("Choose a value of “%(subject)s”.") % {"subject": subject.label})
                return ""
            return value
        value = (data.get("value") or "").strip()
        sentence = _fault_of(value, subject.kind)
        if sentence:
            self.add_error("value", sentence)
        return value


def _fault_of(value: str, kind: str) -> str:
    if not value:
        return _("Write what the answer is compared with.")
    if kind == AnswerKind.NUMBER and not _is_number(value):
        return _("Write a number.")
    try:
        if kind == AnswerKind.DAY:
            date.fromisoformat(value)
    except ValueError:
        return _("Write the day as YYYY-MM-DD.")
    return ""


def _is_number(value: str) -> bool:
    try:
        return isfinite(float(value))
    except ValueError:
        return False


def _reference_of(condition: Condition) -> str:
    return f"e-{condition.fact}" if condition.source == ConditionSource.EVENT else f"q-{condition.subject_id}"
