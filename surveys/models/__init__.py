from surveys.models.decision import EventDecision
from surveys.models.invitation import Invitation, LinkVisit
from surveys.models.question import Question, QuestionOption
from surveys.models.questionnaire import Questionnaire, QuestionnaireVersion
from surveys.models.response import PendingTally, Response
from surveys.models.survey import Survey
from surveys.models.tally import AgentTally, ResponseTally

__all__ = [
    "AgentTally",
    "EventDecision",
    "Invitation",
    "LinkVisit",
    "PendingTally",
    "Question",
    "QuestionOption",
    "Questionnaire",
    "QuestionnaireVersion",
    "Response",
    "ResponseTally",
    "Survey",
]
