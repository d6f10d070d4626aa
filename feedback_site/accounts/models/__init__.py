from feedback_site.accounts.models.access_log import AccessLogEntry, AccessLogHead
from feedback_site.accounts.models.api_key import ApiKey
from feedback_site.accounts.models.external_id import UserExternalId
from feedback_site.accounts.models.logo import CompanyLogo
from feedback_site.accounts.models.organisation import Organisation
from feedback_site.accounts.models.principal import Principal, intake_team_of
from feedback_site.accounts.models.role_policy import RolePolicy
from feedback_site.accounts.models.scope import OwnedQuerySet, ScopedQuerySet
from feedback_site.accounts.models.sign_in_failure import SignInFailure
from feedback_site.accounts.models.team import Team, team_line, team_subtree
from feedback_site.accounts.models.user import User

__all__ = [
    "AccessLogEntry",
    "AccessLogHead",
    "ApiKey",
    "CompanyLogo",
    "Organisation",
    "OwnedQuerySet",
    "Principal",
    "RolePolicy",
    "ScopedQuerySet",
    "SignInFailure",
    "Team",
    "User",
    "UserExternalId",
    "intake_team_of",
    "team_line",
    "team_subtree",
]
