"""What each role may do with customers."""

from feedback_site.accounts.enums import Role

_REFERENCE = {"view_segment"}
_CASES = {"view_customer", "view_consent", "view_contactrefusal"}
# Contacts are seen for a reason, on record.
_CALLING = {"reveal_contact"}
# Staff of a service that is asked about do not stop questions for customers: service teams may not.
_INTERVIEWING = {"record_preferences"}
_SEGMENTS = {"add_segment", "change_segment", "delete_segment"}

PERMISSIONS: dict[Role, set[str]] = {
    Role.SERVICE_TEAM: _REFERENCE | _CASES | _CALLING,
    Role.SUPPORT_TEAM: _REFERENCE | _CASES | _CALLING | _INTERVIEWING,
    Role.SURVEY_STAFF: _REFERENCE | _CASES | _CALLING | _INTERVIEWING,
    Role.ANALYST: _REFERENCE | _CASES,
    Role.QUALITY_MANAGEMENT: _REFERENCE | _CASES | _CALLING | _INTERVIEWING,
    Role.MANAGEMENT: _REFERENCE,
    Role.ASSESSOR: _CALLING,
    Role.ADMINISTRATOR: _REFERENCE | _CASES | _CALLING | _INTERVIEWING | _SEGMENTS,
}
# Sealed words and files are opened one at a time, on record, on the pages they belong to.
FOR_NO_ROLE = {"customerteam", "sealedfile", "sealedtext"}
