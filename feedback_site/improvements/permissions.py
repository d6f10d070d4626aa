"""What each role may do with problems and improvement actions."""

from feedback_site.accounts.enums import Role

_CASES = {"view_problem", "view_improvementaction"}
_IMPROVING = {"add_problem", "change_problem", "add_improvementaction", "change_improvementaction"}

PERMISSIONS: dict[Role, set[str]] = {
    Role.SERVICE_TEAM: _CASES | _IMPROVING,
    Role.SUPPORT_TEAM: _CASES | _IMPROVING,
    Role.SURVEY_STAFF: _CASES | _IMPROVING,
    Role.ANALYST: _CASES,
    Role.QUALITY_MANAGEMENT: _CASES | _IMPROVING,
    Role.MANAGEMENT: set(),
    Role.ASSESSOR: set(),
    Role.ADMINISTRATOR: _CASES | _IMPROVING,
}
# Histories and what a row is made of: shown on the pages of the rows themselves.
FOR_NO_ROLE = {"problemevent", "improvementactionevent"}
