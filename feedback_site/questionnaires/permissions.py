"""What each role may do with questionnaires."""

from feedback_site.accounts.enums import Role

_READING = {"view_questionnaire", "view_questionnaireversion"}
_WRITING = {
    "add_questionnaire",
    "change_questionnaire",
    "delete_questionnaire",
    "view_question",
    "add_question",
    "change_question",
    "delete_question",
    "view_questionoption",
    "add_questionoption",
    "change_questionoption",
    "delete_questionoption",
    "view_condition",
    "add_condition",
    "change_condition",
    "delete_condition",
    "view_endpage",
    "add_endpage",
    "change_endpage",
    "delete_endpage",
}

PERMISSIONS: dict[Role, set[str]] = {
    Role.SERVICE_TEAM: set(),
    Role.SUPPORT_TEAM: set(),
    Role.SURVEY_STAFF: _READING | _WRITING,
    Role.ANALYST: _READING,
    Role.QUALITY_MANAGEMENT: _READING | _WRITING,
    Role.MANAGEMENT: set(),
    Role.ASSESSOR: set(),
    Role.ADMINISTRATOR: _READING | _WRITING,
}
# Histories and what a row is made of: shown on the pages of the rows themselves.
FOR_NO_ROLE = {"questionnaireevent", "questionevent", "questionoptionevent", "conditionevent", "endpageevent"}
