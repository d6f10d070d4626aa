"""Whom we may contact."""

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet

from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Consent


def latest_consents(*, customer_ids: Iterable[uuid.UUID]) -> QuerySet[Consent]:
    """Return the statement that counts for each customer and purpose.

    It is the latest said; of several said at once, the latest recorded.
    """
    return (
        Consent.objects.filter(customer_id__in=list(customer_ids))
        .order_by("customer_id", "purpose", "-stated_at", "-id")
        .distinct("customer_id", "purpose")
    )


def granting_customer_ids(*, customer_ids: Iterable[uuid.UUID], purpose: Purpose) -> set[uuid.UUID]:
    """Return those customers whose latest statement about `purpose` is yes; no statement means no. One query.

    Whether they may be asked also depends on their contacts: `services.consenting_customer_ids`.
    """
    latest = latest_consents(customer_ids=customer_ids).filter(purpose=purpose).values("pk")
    return set(Consent.objects.filter(pk__in=latest, is_granted=True).values_list("customer_id", flat=True))
