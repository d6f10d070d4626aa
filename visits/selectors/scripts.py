"""The script of a visit: the questionnaire that the caller asks and fills in."""

from feedback_site.questionnaires.models import QuestionnaireVersion
from visits.models import ReturnVisit, VisitPlan


def script_of(visit: ReturnVisit) -> QuestionnaireVersion | None:
    """Return the version that was or will be filled in; at most one query.

    None while the plan's questionnaire was never published.
    """
    if visit.invitation is not None:
        return visit.invitation.version
    return latest_script(visit.plan)


def latest_script(plan: VisitPlan) -> QuestionnaireVersion | None:
    """Return the newest published version of the plan's questionnaire."""
    return (
        QuestionnaireVersion.objects.filter(questionnaire_id=plan.questionnaire_id)
        .order_by("-number")
        .first()
    )
