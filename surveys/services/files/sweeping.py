"""Files that were never submitted: gone a day after their link has ended."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from feedback_site.customers.services import remove_files
from surveys.models import ResponseFile

# Longer than it takes until unfinished answers are settled, which may still submit them.
KEPT_FOR = timedelta(days=1)


@transaction.atomic
def sweep_files(*, at: datetime, limit: int = 500) -> int:
    """Forget up to `limit` files that no one submitted, and return how many.

    Those that another worker holds are passed over.
    """
    until = at - KEPT_FOR
    ended = (
        Q(invitation__answered_at__lte=until)
        | Q(invitation__voided_at__lte=until)
        | Q(invitation__expires_at__lte=until)
    )
    swept = ResponseFile.objects.filter(ended, submitted_at__isnull=True, arrived_at__lte=until).order_by(
        "arrived_at"
    )
    ids = list(swept.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)[:limit])
    ResponseFile.objects.filter(pk__in=ids).delete()
    remove_files(file_ids=ids)
    return len(ids)
