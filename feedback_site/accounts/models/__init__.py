from feedback_site.accounts.models.access_log import AccessLogEntry
from feedback_site.accounts.models.api_key import ApiKey
from feedback_site.accounts.models.scope import Principal, ScopedQuerySet
from feedback_site.accounts.models.team import Team, team_subtree
from feedback_site.accounts.models.user import User

__all__ = ["AccessLogEntry", "ApiKey", "Principal", "ScopedQuerySet", "Team", "User", "team_subtree"]
