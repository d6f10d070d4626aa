"""Asking for an export, and taking it back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.enums import DataScope, Grant
from feedback_site.accounts.models import ApiKey, Team, User
from feedback_site.common.doorbell import ring
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.common.task_table import RUN_EXPORTS
from feedback_site.dashboards.enums import ExportFormat, ExportKind, ExportStatus
from feedback_site.dashboards.models import Export
from feedback_site.dashboards.services.exporting.filters import clean_filters, rows_of
from feedback_site.dashboards.services.exporting.sources import SOURCES

KEPT = timedelta(days=7)
ALL_TEAMS = "all"
_UNFINISHED = (ExportStatus.QUEUED, ExportStatus.RUNNING)


class NotAllowedError(DomainError):
    """These rows are not this principal's to take away."""

    status_code = 403


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


@transaction.atomic
def request_export(
    *,
    kind: ExportKind,
    format: ExportFormat,  # noqa: A002 - the model's word
    filters: Mapping[str, Any],
    language: str,
    by: User | ApiKey,
    at: datetime,
) -> Export:
    """Queue an export. Raises `DomainError` for wrong filters and for an export of nothing."""
    if not may_export(by, kind, at=at):
        raise NotAllowedError(_("You may not export these rows."))
    cleaned = clean_filters(kind, filters, by)
    if not rows_of(kind, cleaned, by).exists():
        raise DomainError(_("There is nothing to export: no row matches these filters."))
    export = Export.objects.create(
        kind=kind,
        format=format,
        filters=cleaned,
        language=language,
        requested_by=by if isinstance(by, User) else None,
        api_key=by if isinstance(by, ApiKey) else None,
        queued_at=at,
        expires_at=at + KEPT,
    )
    ring(RUN_EXPORTS)
    return export


def cancel_export(*, export: Export, at: datetime) -> Export:
    """Stop an export that is not ready; one that runs stops
    between two chunks. Raises `ConflictError` where it has ended.
    """
    unfinished = Export.objects.filter(pk=export.pk, status__in=_UNFINISHED)
    stopped = unfinished.update(
        status=ExportStatus.CANCELLED, finished_at=at, lease_id=None, claimed_until=None
    )
    export.refresh_from_db()
    if not stopped and export.status != ExportStatus.CANCELLED:
        raise ConflictError(_("This export has ended already."), {"status": export.status})
    return export
