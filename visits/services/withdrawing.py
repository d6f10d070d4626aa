"""Visits whose customer has taken consent back: no colleague calls them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from feedback_site.customers.enums import Purpose
from feedback_site.customers.selectors import latest_word
from visits.enums import VisitOutcome, VisitStatus
from visits.models import ReturnVisit


@transaction.atomic
def withdraw_visits(*, at: datetime, limit: int = 500) -> int:
    """Close, as refused, open visits of customers who do not allow visits any more, and return how many.

    A visit with the customer on the line is left to its caller.
    """
    free = Q(held_until__isnull=True) | Q(held_until__lte=at)
    refused = (
        ReturnVisit.objects.open()
        .alias(allows=latest_word(purpose=Purpose.VISIT, customer="customer_id"))
        .filter(free, allows=False)
    )
    locked = list(
        refused.select_for_update(skip_locked=True, of=("self",), no_key=True).values_list("pk", flat=True)[
            :limit
        ]
    )
    return (
        ReturnVisit.objects.open()
        .filter(pk__in=locked)
        .update(
            status=VisitStatus.CLOSED,
            outcome=VisitOutcome.REFUSED,
            closed_at=at,
            next_attempt_at=None,
            held_by=None,
            held_until=None,
            updated_at=at,
        )
    )
