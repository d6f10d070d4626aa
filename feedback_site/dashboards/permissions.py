"""What each role may do with exports."""

from feedback_site.accounts.enums import Role

_EXPORTING = {"view_export", "add_export"}

PERMISSIONS: dict[Role, set[str]] = {
    Role.SERVICE_TEAM: _EXPORTING,
    Role.SUPPORT_TEAM: _EXPORTING,
    Role.SURVEY_STAFF: _EXPORTING,
    Role.ANALYST: _EXPORTING,
    Role.QUALITY_MANAGEMENT: _EXPORTING,
    Role.MANAGEMENT: set(),
    Role.ASSESSOR: set(),
    Role.ADMINISTRATOR: _EXPORTING,
}
# Nothing of this app is kept from all roles.
FOR_NO_ROLE: set[str] = set()
