"""Honouring `Idempotency-Key`: a request that is sent again gets the answer it got."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from feedback_site.accounts.models import ApiKey
from feedback_site.common.exceptions import ConflictError
from feedback_site.service_events.models import IdempotencyKey
from feedback_site.service_events.services.hashing import keyed_hash, matches

_KEPT_FOR = timedelta(hours=24)
_PURPOSE = "idempotency key"


def claim_idempotency_key(*, api_key: ApiKey, value: str, request: Any, at: datetime) -> IdempotencyKey:
    """Return the row of this request.

    Without `response_status` it is new, with it the request was answered before.

    Call within the transaction that does the work: a second request of the same name waits for the first,
    and a failure leaves nothing behind. Raises `ConflictError` where the name was used for another request.
    """
    IdempotencyKey.objects.filter(api_key=api_key, created_at__lt=at - _KEPT_FOR).delete()
    row = IdempotencyKey(
        api_key=api_key,
        value=value,
        request_hash=keyed_hash(purpose=_PURPOSE, content=request),
        created_at=at,
    )
    IdempotencyKey.objects.bulk_create([row], ignore_conflicts=True)
    row = IdempotencyKey.objects.get(api_key=api_key, value=value)
    if not matches(bytes(row.request_hash), purpose=_PURPOSE, content=request):
        raise ConflictError(_("This Idempotency-Key was used for another request."))
    return row


def answer_idempotency_key(*, row: IdempotencyKey, status: int) -> None:
    """Remember what the request was answered with."""
    IdempotencyKey.objects.filter(pk=row.pk).update(response_status=status)
