"""Masking what was written freely about events before words were masked.

Hashes of content stay: they are keyed, over what was sent.
"""

from collections.abc import Iterator
from datetime import datetime

import pgtrigger
from django.db import transaction

from feedback_site.customers.services import keep_sealed, names_of
from feedback_site.customers.services.old_words import Walked, looked_at
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from feedback_site.service_events.services.words import (
    DETAILS,
    PRODUCT_LINE,
    TRANSITION_WORDS,
    holds_personal_data,
    keep_event_words,
    mask_event,
    mask_facts,
)

_MASKED = ["attributes", "body", "product_line"]


@transaction.atomic
def mask_events(after: object | None, limit: int, at: datetime) -> Walked:
    """Mask a batch of events."""
    found = ServiceEvent.objects.select_related("customer").select_for_update(of=("self",), no_key=True)
    rows = list((found if after is None else found.filter(pk__gt=after)).order_by("pk")[:limit])
    changed = [(row, sealed) for row in rows if (sealed := mask_event(row))]
    ServiceEvent.objects.bulk_update([row for row, _sealed in changed], _MASKED)
    keep_event_words(changed, at=at)
    return Walked(rows[-1].pk if rows else None, len(rows), len(changed))


@transaction.atomic
def mask_transitions(after: object | None, limit: int, at: datetime) -> Walked:
    """Mask a batch of later changes; most say nothing but when."""
    found = ServiceEventTransition.objects.exclude(details={}).select_related("event__customer")
    rows = list((found if after is None else found.filter(pk__gt=after)).order_by("pk")[:limit])
    changed: list[ServiceEventTransition] = []
    for row in rows:
        row.details, sealed = mask_facts(row.details, names=names_of(row.event.customer), prefix=DETAILS)
        keep_sealed(kind=TRANSITION_WORDS, texts=[(row.pk, new) for new in sealed], at=at)
        if sealed:
            changed.append(row)
    with pgtrigger.ignore("service_events.ServiceEventTransition:facts_are_only_added"):
        ServiceEventTransition.objects.bulk_update(changed, ["details"])
    return Walked(rows[-1].pk if rows else None, len(rows), len(changed))


def events_in_clear(latest: int | None) -> Iterator[object]:
    """Yield the events that hold what is to be masked."""
    for key, attributes, body, product_line in looked_at(
        ServiceEvent.objects.values_list("pk", *_MASKED), latest
    ):
        sent = body.get("attributes")
        said = {
            PRODUCT_LINE: body.get(PRODUCT_LINE, ""),
            "attributes": attributes,
            "sent": None if sent == attributes else sent,
        }
        if holds_personal_data(said) or holds_personal_data({PRODUCT_LINE: product_line}):
            yield key


def transitions_in_clear(latest: int | None) -> Iterator[object]:
    """Yield the later changes that hold what is to be masked."""
    rows = ServiceEventTransition.objects.exclude(details={}).values_list("pk", "details")
    return (key for key, details in looked_at(rows, latest) if holds_personal_data(details))
