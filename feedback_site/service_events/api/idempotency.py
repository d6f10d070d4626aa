from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from feedback_site.accounts.models import ApiKey
from feedback_site.service_events.services import answer_idempotency_key, claim_idempotency_key

_LONGEST = 255


def principal_of(request: Request) -> ApiKey:
    """Return the key that calls; the grants let only keys in."""
    return cast("ApiKey", request.user)


def honouring_idempotency_key(request: Request, work: Callable[[], Response], *, at: datetime) -> Response:
    """Do the work of a POST, once for each `Idempotency-Key` header.

    A repeat is answered with the status of the first time.

    The work itself is idempotent by the keys of its rows;
    the header adds that one name stands for one request.
    """
    value = request.headers.get("Idempotency-Key")
    if value is None:
        return work()
    if not 0 < len(value) <= _LONGEST or not value.isprintable():
        raise ValidationError({"Idempotency-Key": [_("Between 1 and 255 printable characters.")]})
    with transaction.atomic():
        row = claim_idempotency_key(
            api_key=principal_of(request), value=value, request=[request.path, request.data], at=at
        )
        response = work()
        if row.response_status is None:
            answer_idempotency_key(row=row, status=response.status_code)
        else:
            response.status_code = row.response_status
            response["Idempotent-Replayed"] = "true"
    return response
