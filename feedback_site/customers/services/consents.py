"""Recording what customers allow."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Consent, Customer
from feedback_site.customers.selectors import latest_consents
from feedback_site.customers.services.contacts import contact_indexes
from feedback_site.customers.services.refusals import Refusing, Wish, lift_refusals, refuse_contacts


@dataclass(frozen=True, kw_only=True)
class ConsentStatement:
    """A customer said yes or no to one purpose, somewhere, at some time."""

    customer: Customer
    purpose: str
    is_granted: bool
    stated_at: datetime
    source: str


def record_consent(
    *,
    customer: Customer,
    purpose: Purpose,
    is_granted: bool,
    stated_at: datetime,
    source: str,
    overrides_refusal: bool,
    refuses_contacts: bool = True,
) -> Consent | None:
    """Record one statement and return it, or `None` where nothing is new.

    Only the customer's own word (`overrides_refusal`) turns a
    refusal into a consent; what a service system sends never does.
    """
    statement = ConsentStatement(
        customer=customer, purpose=purpose, is_granted=is_granted, stated_at=stated_at, source=source
    )
    recorded = record_consents(
        statements=[statement], overrides_refusal=overrides_refusal, refuses_contacts=refuses_contacts
    )
    return recorded[0] if recorded else None


@transaction.atomic
def record_consents(
    *, statements: Sequence[ConsentStatement], overrides_refusal: bool, refuses_contacts: bool = True
) -> list[Consent]:
    """Record the statements that say something new, in their order, and return them.

    Takes five statements of SQL for any number of consents.

    A no holds for the customer's contacts too, whatever other customer they belong to,
    unless it came from a page where visitors can type any person's contact. A yes that overrides
    lifts what this customer refused, and never what another person did: see `preferences`.
    """
    if not statements:
        return []
    customer_ids = {statement.customer.id for statement in statements}
    # Statements about one customer wait for each other, else two could each find the other's not yet there.
    locked = {
        row.pk: row
        for row in Customer.objects.filter(pk__in=customer_ids).order_by("pk").select_for_update(no_key=True)
    }
    latest = {(row.customer_id, row.purpose): row for row in latest_consents(customer_ids=customer_ids)}
    new: list[Consent] = []
    for statement in statements:
        key = (statement.customer.id, str(statement.purpose))
        before = latest.get(key)
        if _says_nothing_new(before, statement, overrides_refusal=overrides_refusal):
            continue
        row = Consent(
            customer=statement.customer,
            purpose=key[1],
            is_granted=statement.is_granted,
            stated_at=statement.stated_at,
            source=statement.source,
        )
        new.append(row)
        latest[key] = row if before is None or row.stated_at >= before.stated_at else before
    if overrides_refusal:
        for row in new:
            if row.is_granted:
                lift_refusals(
                    customer=row.customer,
                    contacts=(),
                    purposes=[row.purpose],
                    wish=Wish(source=row.source, at=row.stated_at),
                )
    if refuses_contacts:
        refuse_contacts(refusing=_refusing(statements, latest, locked))
    return Consent.objects.bulk_create(new)


def _says_nothing_new(
    before: Consent | None, statement: ConsentStatement, *, overrides_refusal: bool
) -> bool:
    if before is None:
        return False
    if before.is_granted == statement.is_granted:
        return True
    return statement.is_granted and not overrides_refusal


def _refusing(
    statements: Sequence[ConsentStatement],
    latest: Mapping[tuple[uuid.UUID, str], Consent],
    customers: Mapping[uuid.UUID, Customer],
) -> Iterator[Refusing]:
    """Yield what is refused by statements that count: a no older than the customer's yes is history."""
    for statement in statements:
        last = latest.get((statement.customer.id, str(statement.purpose)))
        if statement.is_granted or last is None or last.is_granted:
            continue
        wish = Wish(source=statement.source, at=statement.stated_at)
        for contact in contact_indexes(customers[statement.customer.id]).values():
            yield Refusing(contact=contact, purpose=statement.purpose, customer=statement.customer, wish=wish)
