"""What each role may do with NPS campaigns."""

from feedback_site.accounts.enums import Role

_FIGURES = {"view_programme", "view_campaign", "view_campaignstratum", "view_campaignwave"}
_CASES = {"view_campaignmember"}
_CAMPAIGNS = {"add_programme", "change_programme", "delete_programme", "add_campaign", "change_campaign"}

PERMISSIONS: dict[Role, set[str]] = {
    Role.SERVICE_TEAM: _FIGURES | _CASES,
    Role.SUPPORT_TEAM: _FIGURES | _CASES,
    Role.SURVEY_STAFF: _FIGURES | _CASES | _CAMPAIGNS,
    Role.ANALYST: _FIGURES | _CASES,
    Role.QUALITY_MANAGEMENT: _FIGURES | _CASES | _CAMPAIGNS,
    Role.MANAGEMENT: _FIGURES,
    Role.ASSESSOR: set(),
    Role.ADMINISTRATOR: _FIGURES | _CASES | _CAMPAIGNS,
}
# Histories and what a row is made of: shown on the pages of the rows themselves.
FOR_NO_ROLE = {"programmeevent"}
