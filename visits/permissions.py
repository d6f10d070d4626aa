"""What each role may do with return visits."""

from feedback_site.accounts.enums import Role

# Assessors see the visits that are assigned to them, and nothing else.
_ASSIGNED = {"view_returnvisit", "view_visitattempt"}
# Plans of visits are no figures: management does not see them.
_CASES = {"view_visitplan", "view_visitsource", "view_escalation"}
# Staff who may change a return visit makes it and states what came of it.
_VISITING = {"change_returnvisit"}
_ESCALATING = {"change_escalation"}
_PLANNING = {"add_visitplan", "change_visitplan", "delete_visitplan"}

PERMISSIONS: dict[Role, set[str]] = {
    Role.SERVICE_TEAM: _ASSIGNED | _CASES | _VISITING | _ESCALATING,
    Role.SUPPORT_TEAM: _ASSIGNED | _CASES | _VISITING | _ESCALATING,
    Role.SURVEY_STAFF: _ASSIGNED | _CASES | _VISITING | _ESCALATING | _PLANNING,
    Role.ANALYST: _ASSIGNED | _CASES,
    Role.QUALITY_MANAGEMENT: _ASSIGNED | _CASES | _VISITING | _ESCALATING | _PLANNING,
    Role.MANAGEMENT: set(),
    Role.ASSESSOR: _ASSIGNED | _VISITING,
    Role.ADMINISTRATOR: _ASSIGNED | _CASES | _VISITING | _ESCALATING | _PLANNING,
}
# Histories and what a row is made of: shown on the pages of the rows themselves.
FOR_NO_ROLE = {"visitplanevent"}
