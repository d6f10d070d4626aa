from surveys.models.decision import EventDecision
from surveys.models.draft import ResponseDraft
from surveys.models.effect import TransitionEffect
from surveys.models.file import ResponseFile
from surveys.models.follow_up import EventFlag, FollowUpRequest
from surveys.models.invitation import Invitation, LinkVisit
from surveys.models.on_site import OnSiteAnswer, OnSiteLink
from surveys.models.open_questionnaire import OpenQuestionnaire, OpenResponse
from surveys.models.response import PendingTally, Response, ResponseInterview, ResponseSource
from surveys.models.survey import Survey
from surveys.models.tally import AgentTally, IndicatorTally, ResponseTally

__all__ = [
    "AgentTally",
    "EventDecision",
    "EventFlag",
    "FollowUpRequest",
    "IndicatorTally",
    "Invitation",
    "LinkVisit",
    "OnSiteAnswer",
    "OnSiteLink",
    "OpenQuestionnaire",
    "OpenResponse",
    "PendingTally",
    "Response",
    "ResponseDraft",
    "ResponseFile",
    "ResponseInterview",
    "ResponseSource",
    "ResponseTally",
    "Survey",
    "TransitionEffect",
]
