from feedback_site.questionnaires.admin.endings import EndPageAdmin
from feedback_site.questionnaires.admin.questionnaires import QuestionnaireAdmin
from feedback_site.questionnaires.admin.questions import QuestionAdmin
from feedback_site.questionnaires.admin.versions import QuestionnaireVersionAdmin

__all__ = [
    "EndPageAdmin",
    "QuestionAdmin",
    "QuestionnaireAdmin",
    "QuestionnaireVersionAdmin",
]
