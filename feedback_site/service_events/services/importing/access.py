from datetime import datetime

from django.utils.translation import gettext as _

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models import User
from feedback_site.accounts.services import record_access
from feedback_site.common.exceptions import DomainError
from feedback_site.service_events.enums import ImportOrigin, ServiceEventAccess
from feedback_site.service_events.models import EventImport

_SCOPES = {DataScope.SUBTREE, DataScope.ALL}


def may_import(user: User) -> bool:
    """Return whether `user` may bring in events: those of the teams they see."""
    return user.is_active and user.data_scope in _SCOPES and user.has_perm("service_events.add_eventimport")


def sender_of(event_import: EventImport) -> User | None:
    """Return within whose scope the rows are taken in: that of the person who uploaded them.

    A command of an operator has no limit.
    """
    if event_import.requested_by is None and event_import.origin == ImportOrigin.UPLOAD:
        raise DomainError(_("The person who started this import may no longer import service events."))
    return event_import.requested_by


def log_import(event_import: EventImport, *, at: datetime) -> None:
    """Put on record who brought in how many events, in the transaction that ends the import.

    Checks change nothing and are not listed.
    """
    if event_import.requested_by is None or event_import.is_dry_run:
        return
    counts = {
        name: getattr(event_import, name)
        for name in ("position", "imported", "continued", "repeated", "listed")
    }
    record_access(
        actor=event_import.requested_by,
        action=ServiceEventAccess.IMPORTED,
        subject_kind="service_events",
        subject_id=str(event_import.pk),
        team_id=event_import.team_id,
        details={**counts, "is_replayed": event_import.is_replayed},
        at=at,
    )
