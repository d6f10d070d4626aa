"""What each role may do with service events."""

from feedback_site.accounts.enums import Role

_REFERENCE = {"view_servicekind", "view_servicechannel", "view_calendarday", "view_workingcalendar"}
_CASES = {"view_serviceevent", "view_serviceeventtransition", "view_agent"}
# Staff who bring events in say what happened to them later, on their pages too.
# Not service teams: a cancelled event is not asked about.
_IMPORTING = {"view_eventimport", "add_eventimport", "add_serviceeventtransition"}
# Of their own teams; days of the whole company are changed by staff who see all teams.
_CALENDARS = {
    "add_calendarday",
    "change_calendarday",
    "delete_calendarday",
    "add_workingcalendar",
    "change_workingcalendar",
    "delete_workingcalendar",
}
_ORGANISATION = {
    "add_servicekind",
    "change_servicekind",
    "delete_servicekind",
    "add_servicechannel",
    "change_servicechannel",
    "delete_servicechannel",
    "add_agent",
    "change_agent",
    "delete_agent",
    "view_webhooksource",
    "add_webhooksource",
    "change_webhooksource",
    "delete_webhooksource",
    "view_webhooksecret",
    "view_webhookdelivery",
}

PERMISSIONS: dict[Role, set[str]] = {
    Role.SERVICE_TEAM: _REFERENCE | _CASES,
    Role.SUPPORT_TEAM: _REFERENCE | _CASES,
    Role.SURVEY_STAFF: _REFERENCE | _CASES | _IMPORTING | _CALENDARS,
    Role.ANALYST: _REFERENCE | _CASES,
    Role.QUALITY_MANAGEMENT: _REFERENCE | _CASES | _IMPORTING | _CALENDARS,
    Role.MANAGEMENT: _REFERENCE,
    Role.ASSESSOR: set(),
    Role.ADMINISTRATOR: _REFERENCE | _CASES | _IMPORTING | _CALENDARS | _ORGANISATION,
}
# Contacts are sealed; the parts of an import are shown on its page.
FOR_NO_ROLE = {
    "eventcontact",
    "eventimportproblem",
    "eventimportpart",
    "eventimportcustomer",
    "idempotencykey",
    "calendardayevent",
    "workingcalendarevent",
}
