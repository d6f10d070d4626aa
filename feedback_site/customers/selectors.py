"""Whom we may contact."""

import uuid
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Consent, ContactRefusal, Customer


def latest_consents(*, customer_ids: Iterable[uuid.UUID]) -> QuerySet[Consent]:
    """Return the statement that counts for each customer and purpose.

    It is the latest said; of several said at once, the latest recorded.
    """
    return (
        Consent.objects.filter(customer_id__in=list(customer_ids))
        .order_by("customer_id", "purpose", "-stated_at", "-id")
        .distinct("customer_id", "purpose")
    )


def latest_word(*, purpose: Purpose, customer: str = "pk") -> Subquery:
    """Return what the customer at the path `customer` last said about `purpose`, as a part of a statement.

    True or false; null where they never said anything.
    """
    words = Consent.objects.filter(customer=OuterRef(customer), purpose=purpose)
    return Subquery(words.order_by("-stated_at", "-id").values("is_granted")[:1])


def consenting(purpose: Purpose) -> QuerySet[Customer]:
    """Return the customers whose latest word is yes and none of whose contacts refused; no word means no.

    Contacts are compared as the rows hold them. While keys are being rotated one contact may be held in two
    forms: `services.consenting_customer_ids`, which knows all keys, has the last word on those found here.
    """
    refused = ContactRefusal.objects.standing().filter(
        Q(contact_index=OuterRef("phone_index")) | Q(contact_index=OuterRef("email_index")), purpose=purpose
    )
    return Customer.objects.alias(word=latest_word(purpose=purpose)).filter(~Exists(refused), word=True)
