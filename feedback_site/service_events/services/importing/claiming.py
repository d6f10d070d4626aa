"""Whose turn it is: a chunk commits only under the lease that its import holds at that moment."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.common.exceptions import ConflictError
from feedback_site.common.ids import uuid7
from feedback_site.common.locks import Lock, is_alone
from feedback_site.service_events.enums import ImportOrigin, ImportStatus
from feedback_site.service_events.models import EventImport
from feedback_site.service_events.services.importing.keeping import remove_file

LEASE = timedelta(seconds=60)
# Whatever takes its worker down three times at one place will do so a fourth time.
MOST_ATTEMPTS = 3


class LeaseLostError(ConflictError):
    """The import was cancelled, or another worker goes on with it."""


def claim_import(*, at: datetime) -> EventImport | None:
    """Lease the upload that waits longest, and one whose worker is gone before it; None while another runs.

    One at a time: the other workers have customers to ask.
    """
    with transaction.atomic():
        if not is_alone(Lock.EVENT_IMPORTS) or _running_uploads(at=at):
            return None
        waiting = EventImport.objects.to_run(at=at).select_for_update(
            skip_locked=True, of=("self",), no_key=True
        )
        event_import = waiting.order_by("queued_at", "pk").first()
        if event_import is None:
            return None
        if event_import.attempts >= MOST_ATTEMPTS:
            _give_up(event_import, at=at)
            return None
        _lease(event_import, at=at)
        return event_import


def take_over(event_import: EventImport, *, at: datetime) -> EventImport:
    """Lease an import no matter which process held it.

    The other process, if it lives, stops at its next chunk.
    """
    with transaction.atomic():
        held = EventImport.objects.select_for_update(of=("self",), no_key=True).get(pk=event_import.pk)
        if held.status != ImportStatus.RUNNING:
            raise LeaseLostError(_("This import has ended meanwhile."))
        _lease(held, at=at)
        return held


def lock_held(event_import: EventImport) -> EventImport:
    """Return the import as it stands, locked until the transaction ends.

    Raises `LeaseLostError` where the lease is not ours.
    """
    held = EventImport.objects.select_for_update(of=("self",), no_key=True).get(pk=event_import.pk)
    if (
        held.status != ImportStatus.RUNNING
        or held.lease_id != event_import.lease_id
        or held.position != event_import.position
    ):
        raise LeaseLostError(_("The import was cancelled, or another process continues it."))
    return held


def _running_uploads(*, at: datetime) -> bool:
    return EventImport.objects.filter(
        origin=ImportOrigin.UPLOAD, status=ImportStatus.RUNNING, claimed_until__gte=at
    ).exists()


def _lease(event_import: EventImport, *, at: datetime) -> None:
    EventImport.objects.filter(pk=event_import.pk).update(
        status=ImportStatus.RUNNING,
        lease_id=uuid7(),
        claimed_until=at + LEASE,
        started_at=event_import.started_at or at,
        attempts=F("attempts") + 1,
    )
    event_import.refresh_from_db()


def _give_up(event_import: EventImport, *, at: datetime) -> None:
    with translation.override(event_import.language):
        error = _("The import was interrupted three times after row %(row)d. Split the file there.") % {
            "row": event_import.position
        }
    EventImport.objects.filter(pk=event_import.pk).update(
        status=ImportStatus.FAILED, error=error, finished_at=at, lease_id=None, claimed_until=None
    )
    remove_file(event_import)
