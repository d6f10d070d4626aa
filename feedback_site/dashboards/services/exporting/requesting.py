"""Asking for an export, and taking it back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import ApiKey, User
from feedback_site.common.exceptions import DomainError, NotAllowedError
from feedback_site.dashboards.enums import ExportFormat, ExportKind
from feedback_site.dashboards.models import Export
from feedback_site.dashboards.services.exporting.access import may_export
from feedback_site.dashboards.services.exporting.filters import clean_filters, rows_of
from feedback_site.dashboards.services.exporting.jobs import EXPORTS

KEPT = timedelta(days=7)


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
    return EXPORTS.queue(
        kind=kind,
        format=format,
        filters=cleaned,
        language=language,
        requested_by=by if isinstance(by, User) else None,
        api_key=by if isinstance(by, ApiKey) else None,
        expires_at=at + KEPT,
        at=at,
    )


def cancel_export(*, export: Export, at: datetime) -> Export:
    """Stop an export that is not ready; one that runs stops between two chunks.

    Raises `ConflictError` where it has ended.
    """
    return EXPORTS.cancel(export, at=at)
