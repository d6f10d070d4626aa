"""Who may take which rows away."""

from datetime import datetime

from feedback_site.accounts.enums import DataScope, Grant
from feedback_site.accounts.models import ApiKey, Team, User
from feedback_site.dashboards.enums import ExportKind
from feedback_site.dashboards.services.exporting.sources import SOURCES

ALL_TEAMS = "all"


def may_export(principal: User | ApiKey, kind: ExportKind, *, at: datetime) -> bool:
    """Return whether `principal` may take rows of this kind away: read them, and export at all."""
    source = SOURCES[kind]
    if isinstance(principal, User):
        return principal.has_perm("dashboards.add_export") and principal.has_perm(source.permission)
    is_over = principal.revoked_at is not None or (
        principal.expires_at is not None and principal.expires_at <= at
    )
    return not is_over and {Grant.EXPORTS_WRITE.value, source.grant.value} <= set(principal.grants)


def teams_of(principal: User | ApiKey) -> list[int] | str:
    """Return the numbers of the teams whose rows `principal` may see, "all" for everything."""
    if principal.data_scope is DataScope.ALL:
        return ALL_TEAMS
    return (
        sorted(Team.objects.for_user(principal).values_list("pk", flat=True))
        if principal.data_scope is DataScope.SUBTREE
        else []
    )
