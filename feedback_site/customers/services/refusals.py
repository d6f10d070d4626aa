"""Refusals: a contact that said no to a purpose is left alone, whatever customer it belongs to.

A refusal counts for the person: who refused by email is not asked by
phone instead. An address that only cannot be used, or that staff blocked,
is suppressed (`delivery`), and the other way to the customer stays open.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from feedback_site.accounts.models import User
from feedback_site.common.masking import mask_email, mask_phone
from feedback_site.common.sealing import ContactIndex, known_forms, match_forms, seal
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import ContactRefusal, Customer
from feedback_site.customers.selectors import consenting, latest_word
from feedback_site.customers.services.contacts import contact_indexes

_PLACE = {"table": ContactRefusal._meta.db_table, "column": "contact"}  # noqa: SLF001 - Django's documented API
Contacts = Mapping[uuid.UUID, Collection[ContactIndex]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Where and by whom it was said that contacts are refused, or allowed again.

    `by` is the member of staff who recorded it.
    """

    source: str
    at: datetime
    by: User | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusing:
    """One contact refuses one purpose; `customer` is who said so, None where only the contact is known."""

    contact: ContactIndex
    purpose: str
    customer: Customer | None
    wish: Wish


def refuse_contacts(*, refusing: Iterable[Refusing]) -> list[ContactRefusal]:
    """Let contacts be asked no more; return what is new. Two statements whatever their number.

    What stands already keeps its source and moment, and what was lifted later than it was said stays lifted.
    """
    wanted = {(one.contact.current, one.purpose): one for one in refusing}
    if not wanted:
        return []
    forms = known_forms(one.contact for one in wanted.values())
    for row in ContactRefusal.objects.filter(contact_index__in=list(forms)):
        key = (forms[bytes(row.contact_index)], row.purpose)
        if key in wanted and (row.lifted_at is None or row.lifted_at >= wanted[key].wish.at):
            del wanted[key]
    # In one order, so that two that refuse the same contacts cannot
    # wait for each other in a circle; of two at once one is enough.
    rows = [_refusal(wanted[key]) for key in sorted(wanted)]
    ContactRefusal.objects.bulk_create(rows, ignore_conflicts=True)
    return rows


def lift_refusals(
    *, customer: Customer | None, contacts: Iterable[ContactIndex], purposes: Iterable[str], wish: Wish
) -> list[ContactRefusal]:
    """Lift the refusals of `contacts`, and all that this customer refused, for these purposes.

    Returns what was lifted.

    Call it for the customer's own word only; `contacts` are those that the word is known to come from.
    """
    own = Q(customer=customer) if customer is not None else Q(pk__in=[])
    rows = ContactRefusal.objects.standing().filter(
        own | Q(contact_index__in=list(known_forms(contacts))), purpose__in=list(purposes)
    )
    lifted = list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    for row in lifted:
        row.lifted_at, row.lifted_source, row.lifted_by, row.lifted_reason = (
            wish.at,
            wish.source,
            wish.by,
            wish.reason,
        )
    ContactRefusal.objects.bulk_update(lifted, ["lifted_at", "lifted_source", "lifted_by", "lifted_reason"])
    return lifted


def consenting_customer_ids(
    *, customer_ids: Iterable[uuid.UUID], purpose: Purpose, contacts: Contacts | None = None
) -> set[uuid.UUID]:
    """Return those customers who may be asked for `purpose`.

    Their latest word is yes, and none of their contacts was refused.

    `contacts` are by customer, where they are at hand already.
    Two queries with them, three without; none says no.
    """
    granting = set(consenting(purpose).filter(pk__in=list(customer_ids)).values_list("pk", flat=True))
    if not granting:
        return set()
    if contacts is None:
        contacts = contacts_by_customer(Customer.objects.filter(pk__in=granting))
    of_granting = {customer_id: contacts.get(customer_id, ()) for customer_id in granting}
    refused = refused_contacts(
        contacts=[one for of_one in of_granting.values() for one in of_one], purpose=purpose
    )
    return {
        key
        for key, of_one in of_granting.items()
        if not any(contact.current in refused for contact in of_one)
    }


def refusing_customer_ids(*, customers: Collection[Customer], purpose: Purpose) -> set[uuid.UUID]:
    """Return those customers who said no to `purpose`, or one of whose contacts refused it.

    A customer who never said anything did not refuse, and is not asked for anything new either.
    """
    ids = [customer.pk for customer in customers]
    said_no = Customer.objects.alias(word=latest_word(purpose=purpose)).filter(pk__in=ids, word=False)
    contacts = contacts_by_customer(customers)
    refused = refused_contacts(
        contacts=[one for of_one in contacts.values() for one in of_one], purpose=purpose
    )
    return set(said_no.values_list("pk", flat=True)) | {
        key for key, of_one in contacts.items() if any(contact.current in refused for contact in of_one)
    }


def contacts_by_customer(customers: Iterable[Customer]) -> dict[uuid.UUID, Collection[ContactIndex]]:
    """Return how rows may know the contacts of each customer."""
    return {customer.pk: contact_indexes(customer).values() for customer in customers}


def refused_contacts(*, contacts: Collection[ContactIndex], purpose: str) -> set[bytes]:
    """Return the current index of those contacts that refused `purpose`. One query, none without contacts."""
    if not contacts:
        return set()
    forms = known_forms(contacts)
    return match_forms(
        _standing(forms).filter(purpose=purpose).values_list("contact_index", flat=True), forms
    )


def _standing(forms: Iterable[bytes]) -> QuerySet[ContactRefusal]:
    return ContactRefusal.objects.standing().filter(contact_index__in=list(forms))


def _refusal(one: Refusing) -> ContactRefusal:
    mask = mask_email if one.contact.column == "email" else mask_phone
    row = ContactRefusal(
        purpose=str(one.purpose),
        contact_index=one.contact.current,
        contact_mask=mask(one.contact.value)[:120],
        customer=one.customer,
        refused_at=one.wish.at,
        source=one.wish.source[:60],
        recorded_by=one.wish.by,
        reason=one.wish.reason,
    )
    row.contact_sealed = seal(value=one.contact.value, row_id=row.pk, **_PLACE)
    return row
