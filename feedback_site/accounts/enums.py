from typing import Literal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class TeamKind(TextChoices):
    REGION = "region", _("Region")
    BRANCH = "branch", _("Branch")
    STATION = "station", _("Station")
    FRANCHISE = "franchise", _("Franchise")


class DataScope(TextChoices):
    """Whose rows a principal may see."""

    SUBTREE = "subtree", _("own team and the teams below it")
    ALL = "all", _("everything")
    AGGREGATES = "aggregates", _("figures of all teams, no single service events")
    ASSIGNMENTS = "assignments", _("own assignments only")


class Role(TextChoices):
    """What a member of staff does; each role is a group of the same name that carries its permissions."""

    SERVICE_TEAM = "service_team", _("Service team")
    SUPPORT_TEAM = "support_team", _("Support team")
    SURVEY_STAFF = "survey_staff", _("Survey staff")
    ANALYST = "analyst", _("Analyst")
    QUALITY_MANAGEMENT = "quality_management", _("Quality management")
    MANAGEMENT = "management", _("Management")
    ASSESSOR = "assessor", _("Third-party assessor")
    ADMINISTRATOR = "administrator", _("Administrator")

    @property
    def data_scope(self) -> DataScope:
        """Whose rows this role sees."""
        return DATA_SCOPES[self]


DATA_SCOPES = {
    Role.SERVICE_TEAM: DataScope.SUBTREE,
    Role.SUPPORT_TEAM: DataScope.SUBTREE,
    Role.SURVEY_STAFF: DataScope.SUBTREE,
    Role.ANALYST: DataScope.SUBTREE,
    Role.QUALITY_MANAGEMENT: DataScope.ALL,
    Role.ADMINISTRATOR: DataScope.ALL,
    Role.MANAGEMENT: DataScope.AGGREGATES,
    Role.ASSESSOR: DataScope.ASSIGNMENTS,
}
SUBTREE_ROLES = [role.value for role, scope in DATA_SCOPES.items() if scope is DataScope.SUBTREE]


class Grant(TextChoices):
    """What an API key may do."""

    EVENTS_WRITE = "events:write", _("post service events")
    EVENTS_READ = "events:read", _("read service events and their decisions")
    RESPONSES_READ = "responses:read", _("read responses")
    RESPONSES_WRITE = "responses:write", _("post responses given elsewhere")
    METRICS_READ = "metrics:read", _("read figures")
    CONTACTS_READ = "contacts:read", _("read customers' contacts")
    MEASUREMENTS_WRITE = "measurements:write", _("post measurements of other systems")
    VISITS_READ = "visits:read", _("read return visits")
    EXPORTS_WRITE = "exports:write", _("ask for exports and download them")


# How much an entry stands out in the access log.
Weight = Literal["info", "warning", "danger"]


class AccessAction(TextChoices):
    """What the access log records.

    Each app states its own actions in a class below this one and registers it, see
    `rules.register_access_actions`.
    """

    @property
    def weight(self) -> Weight:
        """How much an entry of this action stands out."""
        return "info"


class AccountAccess(AccessAction):
    """What this app puts on record."""

    CONTACT_SEARCHED = "searched", _("contact searched for")
    EXPORTED = "exported", _("rows exported")
    SECOND_FACTOR_CHANGED = "factor_changed", _("second factor changed")
    SIGN_IN_UNLOCKED = "unlocked", _("sign-in unlocked")
    SIGNED_OUT = "signed_out", _("signed out everywhere")
    ACCOUNT_CHANGED = "account_changed", _("staff account changed")
    TEAM_CHANGED = "team_changed", _("team changed")
    KEY_CHANGED = "key_changed", _("API key changed")
    SIGN_IN_RULE_CHANGED = "rule_changed", _("sign-in rule changed")
    SETTINGS_CHANGED = "settings_changed", _("company settings changed")
    ANCHORS_BEGUN = "anchors_begun", _("new anchor file after a loss")

    @property
    def weight(self) -> Weight:
        """What opens an account, or closes it, stands out most."""
        opening = (self.SECOND_FACTOR_CHANGED, self.SIGN_IN_UNLOCKED, self.SIGNED_OUT)
        return "danger" if self in opening else "info"


class AccessReason(TextChoices):
    """Why staff look at a customer's contact."""

    RETURN_VISIT = "return_visit", _("Making a return visit")
    CASE = "case", _("Contacting the customer about an open service event")
    COMPLAINT = "complaint", _("Handling a complaint")
    CORRECTION = "correction", _("Checking or correcting the contact")
    CUSTOMER_REQUEST = "customer_request", _("The customer asked to be called")
    OTHER = "other", _("Another purpose")


class ExternalIdProvider(TextChoices):
    """Where else a member of staff is known by an id."""

    WECOM = "wecom", _("WeCom")


class SecondFactorRule(TextChoices):
    """Whether a role signs in with a second factor."""

    AS_CONFIGURED = "as_configured", _("as the site is configured")
    REQUIRED = "required", _("obligatory")
    VOLUNTARY = "voluntary", _("voluntary")


class PictureKind(TextChoices):
    """How a picture is stored; the values end its media type."""

    PNG = "png", "PNG"
    JPEG = "jpeg", "JPEG"


class OnSiteCounting(TextChoices):
    """Whether answers that customers give on site, to a code that staff show, count in the headline."""

    BESIDE = "beside", _("shown separately")
    CONFIRMED = "confirmed", _("those that the customer confirmed count toward the main figures")
    ALL = "all", _("all of them count toward the main figures")
