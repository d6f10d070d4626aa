"""Forms of the staff pages."""

from surveys.forms.choices import offer_questionnaires_in_use
from surveys.forms.conditions import ConditionForm
from surveys.forms.interviews import InterviewForm
from surveys.forms.open_questionnaires import OpenQuestionnaireForm
from surveys.forms.parts import (
    EndPageForm,
    EndPageFormSet,
    OptionForm,
    OptionFormSet,
    QuestionFormSet,
    QuestionRowForm,
)
from surveys.forms.questionnaires import QuestionnaireForm
from surveys.forms.questions import QuestionForm
from surveys.forms.surveys import SurveyForm

__all__ = [
    "ConditionForm",
    "EndPageForm",
    "EndPageFormSet",
    "InterviewForm",
    "OpenQuestionnaireForm",
    "OptionForm",
    "OptionFormSet",
    "QuestionForm",
    "QuestionFormSet",
    "QuestionRowForm",
    "QuestionnaireForm",
    "SurveyForm",
    "offer_questionnaires_in_use",
]
