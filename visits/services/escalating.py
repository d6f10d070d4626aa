"""Escalations: a repair that did not hold gets an owner and a deadline."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.doorbell import ring
from feedback_site.common.exceptions import ConflictError, DomainError
from visits.enums import EscalationStatus
from visits.models import Escalation

MEASURE = "visits.measure"


@transaction.atomic
def close_escalation(*, escalation: Escalation, by: User, note: str, at: datetime) -> Escalation:
    """Close an escalation without proof and return it: the case counts as not verified.

    Raises `DomainError` without a note, `ConflictError` when it is closed already.
    """
    if not note.strip():
        raise DomainError(_("Please say why the escalation is closed without proof."))
    open_now = Escalation.objects.open().filter(pk=escalation.pk)
    closed = open_now.update(status=EscalationStatus.CLOSED, closed_at=at, closed_by=by, closing_note=note.strip())
    escalation.refresh_from_db()
    if not closed:
        raise ConflictError(_("This escalation is closed already: %(status)s.") % {"status": escalation.get_status_display()})
    ring(MEASURE)
    return escalation
