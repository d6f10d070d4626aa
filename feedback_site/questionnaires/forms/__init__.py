"""Forms of the staff pages."""

from feedback_site.questionnaires.forms.choices import offer_questionnaires_in_use
from feedback_site.questionnaires.forms.conditions import ConditionForm
from feedback_site.questionnaires.forms.parts import (
    EndPageForm,
    EndPageFormSet,
    OptionForm,
    OptionFormSet,
    QuestionFormSet,
    QuestionRowForm,
)
from feedback_site.questionnaires.forms.questionnaires import QuestionnaireForm
from feedback_site.questionnaires.forms.questions import QuestionForm, question_form

__all__ = [
    "ConditionForm",
    "EndPageForm",
    "EndPageFormSet",
    "OptionForm",
    "OptionFormSet",
    "QuestionForm",
    "QuestionFormSet",
    "QuestionRowForm",
    "QuestionnaireForm",
    "offer_questionnaires_in_use",
    "question_form",
]
