"""Looking into events that customers say were not theirs."""

from datetime import datetime

from django.db.models import QuerySet

from feedback_site.accounts.models import User
from surveys.models import EventFlag


def check_flags(*, flags: QuerySet[EventFlag], by: User, at: datetime) -> int:
    """Mark disputed services as looked into, and return how many were open.

    The first colleague who checked stays on record.
    """
    chosen = list(flags.order_by().values_list("pk", flat=True))
    return (
        EventFlag.objects.filter(pk__in=chosen, checked_at__isnull=True).update(checked_at=at, checked_by=by)
        if chosen
        else 0
    )
