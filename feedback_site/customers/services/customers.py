"""Writing customers, with sealed contacts, blind indexes and masks."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from feedback_site.accounts.models import Principal, Team, intake_team_of
from feedback_site.accounts.services import record_access
from feedback_site.common.bulk import insert_rows
from feedback_site.common.masking import mask_email, mask_name, mask_phone
from feedback_site.common.sealing import (
    blind_index,
    normalise_email,
    normalise_name,
    normalise_phone,
    seal,
    takes_texts,
)
from feedback_site.customers.enums import CustomerAccess
from feedback_site.customers.models import Customer, CustomerTeam, Segment
from feedback_site.customers.services.contacts import TABLE, reveal_column

CustomerKey = tuple[str, str]
_CONTACT: tuple[Literal["name", "phone", "email"], ...] = ("name", "phone", "email")
_MASKS: dict[str, Callable[[str], str]] = {"name": mask_name, "phone": mask_phone, "email": mask_email}
_WRITTEN = [f"{column}_{suffix}" for column in ("phone", "email") for suffix in ("sealed", "index", "mask")]
_WRITTEN += ["phone_takes_texts", "name_sealed", "name_mask", "language", "segment", "updated_at"]


@dataclass(frozen=True, kw_only=True)
class CustomerEntry:
    """What is known of a customer.

    `None` and an empty language leave what is stored, an empty text removes it.

    Contacts are kept normalised: construct with `customer_entry`.
    """

    source: str
    external_id: str
    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    language: str = ""
    segment: Segment | None = None

    @property
    def key(self) -> CustomerKey:
        """What makes the customer unique."""
        return (self.source, self.external_id)

    def later(self, entry: "CustomerEntry") -> "CustomerEntry":
        """Return this entry with what the later one knows better."""
        return replace(
            self,
            **{
                f.name: getattr(entry, f.name)
                for f in fields(entry)
                if getattr(entry, f.name) not in (None, "")
            },
        )


def customer_entry(
    *,
    source: str,
    external_id: str,
    name: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    language: str = "",
    segment: Segment | None = None,
) -> CustomerEntry:
    """Return an entry with normalised contacts. Raises `DomainError` naming the field, never the value."""
    return CustomerEntry(
        source=source,
        external_id=external_id,
        name=name and normalise_name(name),
        phone=phone and normalise_phone(phone),
        email=email and normalise_email(email),
        language=language,
        segment=segment,
    )


@transaction.atomic
def upsert_customers(
    *, entries: Sequence[CustomerEntry], principal: Principal | None = None, at: datetime | None = None
) -> dict[CustomerKey, Customer]:
    """Create or update customers and return them by (source, external_id), locked until the transaction ends.

    A number means the customer whom `principal` knows by it (see `CustomerQuerySet.known_to`),
    else a new one of its own. A few statements whatever their number; two callers with the same
    customer wait for each other and both keep what they know. Contacts that change are on record.
    """
    at = at or timezone.now()
    wanted: dict[CustomerKey, CustomerEntry] = {}
    for entry in entries:
        wanted[entry.key] = wanted[entry.key].later(entry) if entry.key in wanted else entry
    known = _locked(wanted, principal)
    # Sorted: two batches that insert the same keys in one order cannot wait for each other in a circle.
    missing = sorted(wanted.keys() - known.keys())
    if missing:
        intake = intake_team_of(principal)
        made = [
            Customer(source=source, external_id=number, intake_team_id=intake) for source, number in missing
        ]
        insert_rows([_fill(customer, wanted[customer.source, customer.external_id]) for customer in made])
        known |= _locked(missing, principal)
    _update([(customer, wanted[key]) for key, customer in known.items()], principal, at)
    return known


@transaction.atomic
def change_contact(
    *,
    customer: Customer,
    name: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    at: datetime | None = None,
) -> Customer:
    """Give a customer the contact that they stated themselves; `None` leaves what is stored.

    Raises `DomainError` for a phone or email that cannot be one.
    """
    entry = customer_entry(
        source=customer.source, external_id=customer.external_id, name=name, phone=phone, email=email
    )
    locked = lock_customer(customer_id=customer.pk)
    _update([(locked, entry)], None, at or timezone.now())
    return locked


def credit_team(*, customer: Customer, team: Team) -> None:
    """State that `team` has served `customer`; saying it again changes nothing."""
    credit_teams(pairs=[(customer, team)])


def credit_teams(*, pairs: Iterable[tuple[Customer, Team]]) -> None:
    """State which teams have served which customers, in one statement."""
    stated = sorted({(customer.id, team.id) for customer, team in pairs})
    rows = [CustomerTeam(customer_id=customer_id, team_id=team_id) for customer_id, team_id in stated]
    CustomerTeam.objects.bulk_create(rows, ignore_conflicts=True)


def lock_customer(*, customer_id: uuid.UUID) -> Customer:
    """Return the customer, locked until the transaction ends as `upsert_customers` locks them."""
    return Customer.objects.select_for_update(no_key=True, of=("self",)).get(pk=customer_id)


def uncredit_team(*, customer: Customer, team: Team) -> None:
    """Take back that `team` has served `customer`.

    Call it under `lock_customer`, when no other row says that the team has.
    """
    CustomerTeam.objects.filter(customer=customer, team=team).delete()


def _locked(keys: Iterable[CustomerKey], principal: Principal | None) -> dict[CustomerKey, Customer]:
    """Return the customer that each number means to `principal`.

    Its own customer comes before the organisation's, and that one before those of other teams.
    """
    by_source: dict[str, list[str]] = {}
    for source, number in keys:
        by_source.setdefault(source, []).append(number)
    condition = Q(pk__in=[])
    for source, numbers in by_source.items():
        condition |= Q(source=source, external_id__in=numbers)
    rows = (
        Customer.objects.known_to(principal)
        .filter(condition)
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )
    intake = intake_team_of(principal)
    found: dict[CustomerKey, Customer] = {}
    for row in sorted(rows, key=lambda row: (row.intake_team_id != intake, row.intake_team_id is not None)):
        found.setdefault((row.source, row.external_id), row)
    return found


def _update(
    pairs: Iterable[tuple[Customer, CustomerEntry]], principal: Principal | None, at: datetime
) -> None:
    changed = [(customer, entry) for customer, entry in pairs if _differs(customer, entry)]
    for customer, entry in changed:
        before = _contact_state(customer)
        _fill(customer, entry)
        customer.updated_at = timezone.now()
        _note_change(customer, entry, before, principal, at)
    Customer.objects.bulk_update([customer for customer, _entry in changed], _WRITTEN)


def _contact_state(customer: Customer) -> dict[str, str]:
    return {column: reveal_column(customer, column) for column in _CONTACT}


def _note_change(
    customer: Customer,
    entry: CustomerEntry,
    before: Mapping[str, str],
    principal: Principal | None,
    at: datetime,
) -> None:
    """Put on record which contact changed, masked: who was reached before, and who is reached from now on."""
    after = {
        column: before[column] if (value := getattr(entry, column)) is None else value for column in _CONTACT
    }
    changed = [column for column in _CONTACT if before[column] != after[column]]
    if not changed:
        return
    record_access(
        actor=principal if isinstance(principal, Model) else None,
        action=CustomerAccess.CONTACT_CHANGED,
        subject_kind="customer",
        subject_id=str(customer.pk),
        team_id=intake_team_of(principal),
        details={
            "old": {column: _MASKS[column](before[column]) for column in changed},
            "new": {column: _MASKS[column](after[column]) for column in changed},
        },
        at=at,
    )


def _differs(customer: Customer, entry: CustomerEntry) -> bool:
    return (
        (entry.name is not None and entry.name != reveal_column(customer, "name"))
        or (entry.phone is not None and entry.phone != reveal_column(customer, "phone"))
        or (entry.email is not None and entry.email != reveal_column(customer, "email"))
        or (entry.language not in ("", customer.language))
        or (entry.segment is not None and entry.segment.pk != customer.segment_id)
    )


def _fill(customer: Customer, entry: CustomerEntry) -> Customer:
    if entry.name is not None:
        customer.name_sealed = _sealed(customer, "name", entry.name)
        customer.name_mask = mask_name(entry.name)[:80]
    if entry.phone is not None:
        customer.phone_sealed = _sealed(customer, "phone", entry.phone)
        customer.phone_index = blind_index(column="phone", value=entry.phone) if entry.phone else None
        customer.phone_takes_texts = bool(entry.phone) and takes_texts(entry.phone)
        customer.phone_mask = mask_phone(entry.phone)
    if entry.email is not None:
        customer.email_sealed = _sealed(customer, "email", entry.email)
        customer.email_index = blind_index(column="email", value=entry.email) if entry.email else None
        customer.email_mask = mask_email(entry.email)[:120]
    customer.language = entry.language or customer.language
    customer.segment = entry.segment or customer.segment
    return customer


def _sealed(customer: Customer, column: Any, value: str) -> bytes | None:
    return seal(value=value, table=TABLE, column=column, row_id=customer.id) if value else None
