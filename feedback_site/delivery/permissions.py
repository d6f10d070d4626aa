"""What each role may do with messages."""

from feedback_site.accounts.enums import Role

_CASES = {"view_message", "view_messageattempt"}
_SUPPRESSIONS = {"view_suppression", "add_suppression", "change_suppression", "delete_suppression"}

PERMISSIONS: dict[Role, set[str]] = {
    Role.SERVICE_TEAM: _CASES,
    Role.SUPPORT_TEAM: _CASES,
    Role.SURVEY_STAFF: _CASES,
    Role.ANALYST: _CASES,
    Role.QUALITY_MANAGEMENT: _CASES | _SUPPRESSIONS,
    Role.MANAGEMENT: set(),
    Role.ASSESSOR: set(),
    Role.ADMINISTRATOR: _CASES | _SUPPRESSIONS,
}
# Histories and what a row is made of: shown on the pages of the rows themselves.
FOR_NO_ROLE = {"suppressionevent"}
