from surveys.admin.decisions import EventDecisionAdmin
from surveys.admin.drafts import ResponseDraftAdmin
from surveys.admin.files import ResponseFileAdmin
from surveys.admin.flags import EventFlagAdmin
from surveys.admin.follow_ups import FollowUpRequestAdmin
from surveys.admin.invitations import InvitationAdmin, LinkVisitAdmin
from surveys.admin.questionnaires import QuestionAdmin, QuestionnaireAdmin
from surveys.admin.responses import PendingTallyAdmin, ResponseAdmin, ResponseSourceAdmin
from surveys.admin.surveys import SurveyAdmin
from surveys.admin.tallies import AgentTallyAdmin, ResponseTallyAdmin
from surveys.admin.versions import QuestionnaireVersionAdmin

__all__ = [
    "AgentTallyAdmin",
    "EventDecisionAdmin",
    "EventFlagAdmin",
    "FollowUpRequestAdmin",
    "InvitationAdmin",
    "LinkVisitAdmin",
    "PendingTallyAdmin",
    "QuestionAdmin",
    "QuestionnaireAdmin",
    "QuestionnaireVersionAdmin",
    "ResponseAdmin",
    "ResponseDraftAdmin",
    "ResponseFileAdmin",
    "ResponseSourceAdmin",
    "ResponseTallyAdmin",
    "SurveyAdmin",
]
