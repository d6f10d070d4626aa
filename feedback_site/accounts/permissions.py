"""What each role may do: model permissions by role, `app_label.action_model`."""

from feedback_site.accounts.enums import Role


def _view(*models: str) -> set[str]:
    return {f"{app}.view_{name}" for app, name in (model.split(".") for model in models)}


def _edit(*models: str) -> set[str]:
    return {
        f"{app}.{action}_{name}"
        for app, name in (model.split(".") for model in models)
        for action in ("view", "add", "change", "delete")
    }


_REFERENCE = _view(
    "accounts.team",
    "service_events.servicekind",
    "service_events.servicechannel",
    "customers.segment",
    "visits.visitplan",
    "visits.calendarday",
)
_CASES = _view(
    "service_events.serviceevent",
    "service_events.serviceeventtransition",
    "service_events.agent",
    "customers.customer",
    "customers.consent",
    "customers.contactrefusal",
    "surveys.eventdecision",
    "surveys.invitation",
    "surveys.response",
    "surveys.linkvisit",
    "surveys.openquestionnaire",
    "surveys.openresponse",
    "surveys.responsedraft",
    "surveys.responsefile",
    "delivery.message",
    "delivery.messageattempt",
    "surveys.responsesource",
    "surveys.followuprequest",
    "surveys.eventflag",
    "nps.campaignmember",
    "visits.returnvisit",
    "visits.visitsource",
    "visits.visitattempt",
    "visits.escalation",
    "improvements.problem",
    "improvements.improvementaction",
    "voice.voiceentry",
) | {"dashboards.view_export", "dashboards.add_export"}
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
    "surveys.indicatortally",
    "nps.programme",
    "nps.campaign",
    "nps.campaignstratum",
    "nps.campaignwave",
)
# Staff who may change a return visit makes it and states what came of
# it; contacts are seen for a reason, and links shown, on record.
_VISITING = {
    "customers.reveal_contact",
    "visits.change_returnvisit",
    "visits.change_escalation",
    "surveys.change_eventflag",
    "surveys.show_link",
}
# Whose own service is asked about neither fills in answers
# nor stops questions for customers: service teams do not.
_INTERVIEWING = {"surveys.fill_in", "customers.record_preferences"}
_IMPROVING = {
    f"improvements.{action}_{name}"
    for action in ("add", "change")
    for name in ("problem", "improvementaction")
}
# Staff who may change an entry answers it.
_VOICE = {"voice.change_voiceentry"}
_TELLING = _edit("voice.publishedchange")
_VOICE_DESK = _edit("voice.monthlysuggestion", "voice.voicedesk") - {"voice.delete_voicedesk"}
# Staff who bring events in say what happened to them later, on their
# pages too. Not service teams: a cancelled event is not asked about.
_IMPORTING = {
    "service_events.view_eventimport",
    "service_events.add_eventimport",
    "service_events.add_serviceeventtransition",
}
_CAMPAIGNS = _edit("nps.programme", "visits.visitplan") | {"nps.add_campaign", "nps.change_campaign"}
_QUESTIONNAIRES = _edit(
    "questionnaires.questionnaire",
    "questionnaires.question",
    "questionnaires.questionoption",
    "questionnaires.condition",
    "questionnaires.endpage",
    "surveys.survey",
) | _view("questionnaires.questionnaireversion")
# Staff who may change an open questionnaire closes it; its code stays on cards.
_QUESTIONNAIRES |= {"surveys.add_openquestionnaire", "surveys.change_openquestionnaire"}
_SCHEMES = _edit(
    "evaluations.dimension",
    "evaluations.indicator",
    "evaluations.evaluationscheme",
    "evaluations.schemeitem",
    "evaluations.measurement",
    "visits.calendarday",
) | {"evaluations.change_evaluationrecord", "accounts.view_accesslogentry"}
_ORGANISATION = _edit(
    "accounts.team",
    "accounts.user",
    "accounts.apikey",
    "service_events.servicekind",
    "service_events.servicechannel",
    "service_events.agent",
    "customers.segment",
    "delivery.suppression",
) | {
    "accounts.view_signinfailure",
    "accounts.view_rolepolicy",
    "accounts.change_rolepolicy",
    "accounts.view_organisation",
    "accounts.change_organisation",
}
_ORGANISATION |= _edit("service_events.webhooksource") | _view(
    "service_events.webhooksecret", "service_events.webhookdelivery"
)

ROLE_PERMISSIONS: dict[Role, set[str]] = {
    Role.SERVICE_TEAM: _REFERENCE | _CASES | _FIGURES | _VISITING | _IMPROVING | _VOICE,
    Role.SUPPORT_TEAM: _REFERENCE | _CASES | _FIGURES | _VISITING | _INTERVIEWING | _IMPROVING | _VOICE,
    Role.SURVEY_STAFF: (
        _REFERENCE
        | _CASES
        | _FIGURES
        | _QUESTIONNAIRES
        | _VISITING
        | _INTERVIEWING
        | _IMPROVING
        | _CAMPAIGNS
        | _IMPORTING
        | _VOICE
        | _TELLING
    ),
    Role.ANALYST: _REFERENCE
    | _CASES
    | _FIGURES
    | _view("questionnaires.questionnaire", "surveys.survey", "questionnaires.questionnaireversion"),
    Role.QUALITY_MANAGEMENT: (
        _REFERENCE
        | _CASES
        | _FIGURES
        | _QUESTIONNAIRES
        | _SCHEMES
        | _VISITING
        | _INTERVIEWING
        | _IMPROVING
        | _CAMPAIGNS
        | _IMPORTING
        | _VOICE
        | _TELLING
        | _VOICE_DESK
        | _edit("delivery.suppression")
    ),
    # By agent is by person: the one who leads them looks at that,
    # and management at teams. Plans of visits are no figures.
    Role.MANAGEMENT: (_REFERENCE | _FIGURES) - _view("surveys.agenttally", "visits.visitplan"),
    # Assessors see the visits that are assigned to them, and nothing else.
    Role.ASSESSOR: {
        "customers.reveal_contact",
        "visits.view_returnvisit",
        "visits.change_returnvisit",
        "visits.view_visitattempt",
    },
    Role.ADMINISTRATOR: (
        _REFERENCE
        | _CASES
        | _FIGURES
        | _QUESTIONNAIRES
        | _SCHEMES
        | _VISITING
        | _INTERVIEWING
        | _IMPROVING
        | _CAMPAIGNS
        | _IMPORTING
        | _VOICE
        | _TELLING
        | _VOICE_DESK
        | _ORGANISATION
    ),
}
