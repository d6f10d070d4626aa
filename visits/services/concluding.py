"""What one attempt brought, and what follows from it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from feedback_site.accounts.models import User
from visits.enums import AttemptOutcome
from visits.models import ReturnVisit, VisitAttempt
from visits.services.locking import lock_visit

Script = Mapping[str, Sequence[str]]


@transaction.atomic
def record_attempt(
    *,
    visit: ReturnVisit,
    by: User,
    outcome: AttemptOutcome,
    note: str = "",
    script: Script | None = None,
    call_at: datetime | None = None,
    at: datetime,
) -> VisitAttempt:
    """Record one attempt with all that follows, in one transaction."""
    visit = lock_visit(visit.pk)
    return VisitAttempt.objects.create(visit=visit, number=visit.attempts_made + 1, made_by=by, made_at=at, outcome=outcome, note=note)
