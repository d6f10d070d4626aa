"""What the access log holds about one case."""

from datetime import datetime

from feedback_site.accounts.models import AccessLogEntry, Team, User
from feedback_site.accounts.services import record_access
from feedback_site.customers.enums import CustomerAccess


def write_access(*, team: Team, canary: str, at: datetime) -> AccessLogEntry:
    """One contact that a colleague of `team` looked at."""
    colleague = User.objects.create(username=f"{canary}-colleague", team=team)
    return record_access(
        actor=colleague,
        action=CustomerAccess.CONTACT_REVEALED,
        subject_kind="customer",
        subject_id=canary,
        team_id=team.pk,
        details={"note": canary},
        at=at,
    )
