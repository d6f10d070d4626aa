"""What each role may do with customer feedback."""

from feedback_site.accounts.enums import Role

_CASES = {"view_voiceentry"}
# Staff who may change an entry answers it.
_ANSWERING = {"change_voiceentry"}
_TELLING = {"view_publishedchange", "add_publishedchange", "change_publishedchange", "delete_publishedchange"}
_DESK = {
    "view_monthlysuggestion",
    "add_monthlysuggestion",
    "change_monthlysuggestion",
    "delete_monthlysuggestion",
    "view_voicedesk",
    "add_voicedesk",
    "change_voicedesk",
}

PERMISSIONS: dict[Role, set[str]] = {
    Role.SERVICE_TEAM: _CASES | _ANSWERING,
    Role.SUPPORT_TEAM: _CASES | _ANSWERING,
    Role.SURVEY_STAFF: _CASES | _ANSWERING | _TELLING,
    Role.ANALYST: _CASES,
    Role.QUALITY_MANAGEMENT: _CASES | _ANSWERING | _TELLING | _DESK,
    Role.MANAGEMENT: set(),
    Role.ASSESSOR: set(),
    Role.ADMINISTRATOR: _CASES | _ANSWERING | _TELLING | _DESK,
}
# Histories and what a row is made of: shown on the pages of the rows themselves.
FOR_NO_ROLE = {"voicestep", "publishedchangeevent", "voicedeskevent", "monthlysuggestionevent"}
