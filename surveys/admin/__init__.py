from surveys.admin.decisions import EventDecisionAdmin
from surveys.admin.drafts import ResponseDraftAdmin
from surveys.admin.files import ResponseFileAdmin
from surveys.admin.flags import EventFlagAdmin
from surveys.admin.follow_ups import FollowUpRequestAdmin
from surveys.admin.invitations import InvitationAdmin, LinkVisitAdmin
from surveys.admin.open_answers import OpenResponseAdmin
from surveys.admin.open_questionnaires import OpenQuestionnaireAdmin
from surveys.admin.responses import PendingTallyAdmin, ResponseAdmin, ResponseSourceAdmin
from surveys.admin.surveys import SurveyAdmin
from surveys.admin.tallies import AgentTallyAdmin, IndicatorTallyAdmin, ResponseTallyAdmin

__all__ = [
    "AgentTallyAdmin",
    "EventDecisionAdmin",
    "EventFlagAdmin",
    "FollowUpRequestAdmin",
    "IndicatorTallyAdmin",
    "InvitationAdmin",
    "LinkVisitAdmin",
    "OpenQuestionnaireAdmin",
    "OpenResponseAdmin",
    "PendingTallyAdmin",
    "ResponseAdmin",
    "ResponseDraftAdmin",
    "ResponseFileAdmin",
    "ResponseSourceAdmin",
    "ResponseTallyAdmin",
    "SurveyAdmin",
]
