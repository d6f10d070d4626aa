"""What each role may do: model permissions by role, `app_label.action_model`."""

from feedback_site.accounts.enums import Role


def _view(*models: str) -> set[str]:
    return {f"{app}.view_{name}" for app, name in (model.split(".") for model in models)}


def _edit(*models: str) -> set[str]:
    return {
        f"{app}.{action}_{name}" for app, name in (model.split(".") for model in models) for action in ("view", "add", "change", "delete")
    }


_REFERENCE = _view("accounts.team", "service_events.servicekind", "service_events.servicechannel", "customers.segment")
_CASES = _view(
    "service_events.serviceevent",
    "service_events.serviceeventtransition",
    "service_events.agent",
    "customers.customer",
    "customers.consent",
    "surveys.eventdecision",
    "surveys.invitation",
    "surveys.response",
    "surveys.linkvisit",
    "delivery.message",
    "delivery.messageattempt",
)
_FIGURES = _view(
    "evaluations.dimension",
    "evaluations.indicator",
    "evaluations.evaluationscheme",
    "evaluations.schemeitem",
    "evaluations.measurement",
    "evaluations.evaluationrecord",
    "evaluations.recordline",
    "surveys.responsetally",
    "surveys.agenttally",
)
_QUESTIONNAIRES = _edit("surveys.questionnaire", "surveys.question", "surveys.questionoption", "surveys.survey") | _view(
    "surveys.questionnaireversion"
)
_SCHEMES = _edit(
    "evaluations.dimension",
    "evaluations.indicator",
    "evaluations.evaluationscheme",
    "evaluations.schemeitem",
    "evaluations.measurement",
) | {"evaluations.change_evaluationrecord"}
_ORGANISATION = _edit(
    "accounts.team",
    "accounts.user",
    "accounts.apikey",
    "service_events.servicekind",
    "service_events.servicechannel",
    "service_events.agent",
    "customers.segment",
    "delivery.suppression",
)

ROLE_PERMISSIONS: dict[Role, set[str]] = {
    Role.SERVICE_TEAM: _REFERENCE | _CASES | _FIGURES,
    Role.SUPPORT_TEAM: _REFERENCE | _CASES | _FIGURES,
    Role.SURVEY_STAFF: _REFERENCE | _CASES | _FIGURES | _QUESTIONNAIRES,
    Role.ANALYST: _REFERENCE | _CASES | _FIGURES | _view("surveys.questionnaire", "surveys.survey", "surveys.questionnaireversion"),
    Role.QUALITY_MANAGEMENT: _REFERENCE | _CASES | _FIGURES | _QUESTIONNAIRES | _SCHEMES | _edit("delivery.suppression"),
    Role.MANAGEMENT: _REFERENCE | _FIGURES,
    Role.ASSESSOR: set(),
    Role.ADMINISTRATOR: _REFERENCE | _CASES | _FIGURES | _QUESTIONNAIRES | _SCHEMES | _ORGANISATION,
}
