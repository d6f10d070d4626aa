"""What each role may do with teams, staff and API keys."""

from feedback_site.accounts.enums import Role

_REFERENCE = {"view_team"}
_ACCESS_LOG = {"view_accesslogentry"}
_ORGANISATION = {
    "add_team",
    "change_team",
    "delete_team",
    "view_user",
    "add_user",
    "change_user",
    "delete_user",
    "view_apikey",
    "add_apikey",
    "change_apikey",
    "delete_apikey",
    "view_signinfailure",
    "view_rolepolicy",
    "change_rolepolicy",
    "view_organisation",
    "change_organisation",
}

PERMISSIONS: dict[Role, set[str]] = {
    Role.SERVICE_TEAM: _REFERENCE,
    Role.SUPPORT_TEAM: _REFERENCE,
    Role.SURVEY_STAFF: _REFERENCE,
    Role.ANALYST: _REFERENCE,
    Role.QUALITY_MANAGEMENT: _REFERENCE | _ACCESS_LOG,
    Role.MANAGEMENT: _REFERENCE,
    Role.ASSESSOR: set(),
    Role.ADMINISTRATOR: _REFERENCE | _ACCESS_LOG | _ORGANISATION,
}
# The seal of the log, histories and accounts of staff elsewhere: shown on the pages of the rows themselves.
FOR_NO_ROLE = {
    "accessloghead",
    "companylogo",
    "teamevent",
    "organisationevent",
    "rolepolicyevent",
    "userexternalid",
}
