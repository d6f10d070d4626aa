"""Looking into events that customers say were not theirs."""

from datetime import datetime

from django.db.models import QuerySet

from feedback_site.accounts.models import User
from surveys.models import EventFlag


def check_flags(*, flags: QuerySet[EventFlag], by: User, at: datetime) -> int:
    """State that somebody has looked into them, and return how many were open; the first who checked stays on record."""
    waiting = EventFlag.objects.filter(pk__in=flags.order_by().values("pk"), checked_at__isnull=True)
    return waiting.update(checked_at=at, checked_by=by)
