"""What each role may do with surveys, invitations and responses."""

from feedback_site.accounts.enums import Role

_CASES = {
    "view_eventdecision",
    "view_invitation",
    "view_linkvisit",
    "view_eventflag",
    "view_response",
    "view_responsedraft",
    "view_responsefile",
    "view_responsesource",
    "view_openquestionnaire",
    "view_openresponse",
    "view_followuprequest",
}
_FIGURES = {"view_responsetally", "view_indicatortally"}
# By agent is by person: the one who leads them looks at that, and management at teams.
_BY_AGENT = {"view_agenttally"}
_SURVEYS = {"view_survey"}
# Links are shown on record.
_ASKING = {"show_link", "change_eventflag"}
# Staff of a service that is asked about do not fill in answers: service teams may not.
_INTERVIEWING = {"fill_in"}
# Staff who may change an open questionnaire closes it; its code stays on cards.
_WRITING = {
    "add_survey",
    "change_survey",
    "delete_survey",
    "add_openquestionnaire",
    "change_openquestionnaire",
}

PERMISSIONS: dict[Role, set[str]] = {
    Role.SERVICE_TEAM: _CASES | _FIGURES | _BY_AGENT | _ASKING,
    Role.SUPPORT_TEAM: _CASES | _FIGURES | _BY_AGENT | _ASKING | _INTERVIEWING,
    Role.SURVEY_STAFF: _CASES | _FIGURES | _BY_AGENT | _SURVEYS | _ASKING | _INTERVIEWING | _WRITING,
    Role.ANALYST: _CASES | _FIGURES | _BY_AGENT | _SURVEYS,
    Role.QUALITY_MANAGEMENT: _CASES | _FIGURES | _BY_AGENT | _SURVEYS | _ASKING | _INTERVIEWING | _WRITING,
    Role.MANAGEMENT: _FIGURES,
    Role.ASSESSOR: set(),
    Role.ADMINISTRATOR: _CASES | _FIGURES | _BY_AGENT | _SURVEYS | _ASKING | _INTERVIEWING | _WRITING,
}
# Histories and what a row is made of: shown on the pages of the rows themselves.
FOR_NO_ROLE = {
    "transitioneffect",
    "pendingtally",
    "responseinterview",
    "onsitelink",
    "onsiteanswer",
    "surveyevent",
    "openquestionnaireevent",
}
