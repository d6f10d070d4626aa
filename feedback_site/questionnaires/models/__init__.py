from feedback_site.questionnaires.models.ending import Condition, EndPage
from feedback_site.questionnaires.models.question import Question, QuestionOption
from feedback_site.questionnaires.models.questionnaire import Questionnaire, QuestionnaireVersion

__all__ = [
    "Condition",
    "EndPage",
    "Question",
    "QuestionOption",
    "Questionnaire",
    "QuestionnaireVersion",
]
