"""What each role may do with indicators, schemes and records."""

from feedback_site.accounts.enums import Role

_FIGURES = {
    "view_dimension",
    "view_indicator",
    "view_evaluationscheme",
    "view_schemeitem",
    "view_measurement",
    "view_evaluationrecord",
    "view_recordline",
}
_SCHEMES = {
    "add_dimension",
    "change_dimension",
    "delete_dimension",
    "add_indicator",
    "change_indicator",
    "delete_indicator",
    "add_evaluationscheme",
    "change_evaluationscheme",
    "delete_evaluationscheme",
    "add_schemeitem",
    "change_schemeitem",
    "delete_schemeitem",
    "add_measurement",
    "change_measurement",
    "delete_measurement",
    "change_evaluationrecord",
}

PERMISSIONS: dict[Role, set[str]] = {
    Role.SERVICE_TEAM: _FIGURES,
    Role.SUPPORT_TEAM: _FIGURES,
    Role.SURVEY_STAFF: _FIGURES,
    Role.ANALYST: _FIGURES,
    Role.QUALITY_MANAGEMENT: _FIGURES | _SCHEMES,
    Role.MANAGEMENT: _FIGURES,
    Role.ASSESSOR: set(),
    Role.ADMINISTRATOR: _FIGURES | _SCHEMES,
}
# Histories and what a row is made of: shown on the pages of the rows themselves.
FOR_NO_ROLE = {"indicatorevent", "evaluationschemeevent", "schemeitemevent", "measurementstatement"}
