"""Forms of the staff pages."""

from surveys.forms.interviews import InterviewForm
from surveys.forms.open_questionnaires import OpenQuestionnaireForm
from surveys.forms.surveys import SurveyForm

__all__ = [
    "InterviewForm",
    "OpenQuestionnaireForm",
    "SurveyForm",
]
