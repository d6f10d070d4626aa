"""Reading a customer's contact: only with the customer on the line, and on record."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.enums import AccessReason
from feedback_site.accounts.models import User
from feedback_site.common.exceptions import ConflictError
from feedback_site.customers.services import Contact, open_contact
from visits.models import ReturnVisit
from visits.services.calling import (
    refuse_colleague_concerned,
    refuse_unless_due,
    refuse_unless_free,
    refuse_without_consent,
)
from visits.services.locking import lock_visit


@transaction.atomic
def reveal_contact(*, visit: ReturnVisit, by: User, at: datetime) -> Contact:
    """Return name, phone and email in clear, on record and within the common limit.

    Raises `ConflictError` unless `by` holds the visit now, and what `open_contact` raises.
    """
    visit = lock_visit(visit.pk)
    refuse_unless_due(visit, at=at)
    refuse_unless_free(visit, by=by, at=at)
    refuse_colleague_concerned(visit, by)
    refuse_without_consent(visit, at=at)
    if visit.held_by != by or visit.held_until is None or visit.held_until <= at:
        raise ConflictError(
            _(
                "Start the visit first: contacts are only shown to the colleague who is in contact with the "
                "customer."
            )
        )
    return open_contact(
        customer=visit.customer,
        by=by,
        reason=AccessReason.RETURN_VISIT,
        team_id=visit.team_id,
        details={"visit": str(visit.pk)},
        at=at,
    )
