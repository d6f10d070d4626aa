"""Opening contacts for those who must use them now."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from feedback_site.common.sealing import (
    CONTACT_COLUMNS,
    ContactColumn,
    ContactIndex,
    index_of_normalised,
    reveal,
)
from feedback_site.customers.models import Customer


@dataclass(frozen=True, repr=False)
class Contact:
    """Name, phone (E.164) and email of a customer in clear; empty where unknown. Never log or store it."""

    name: str
    phone: str
    email: str

    def __repr__(self) -> str:
        return "Contact(***)"

    def indexes(self) -> list[ContactIndex]:
        """Return how rows may know the phone and the email, without those that are unknown."""
        values: dict[ContactColumn, str] = {"phone": self.phone, "email": self.email}
        return [index_of_normalised(column=column, value=value) for column, value in values.items() if value]


def contacts_of(customers: Iterable[Customer]) -> dict[uuid.UUID, Contact]:
    """Return the contact of each customer by id. Raises `SealBrokenError` where a value cannot be opened."""
    return {
        customer.id: Contact(
            name=reveal_column(customer, "name"),
            phone=reveal_column(customer, "phone"),
            email=reveal_column(customer, "email"),
        )
        for customer in customers
    }


def contact_indexes(customer: Customer) -> dict[ContactColumn, ContactIndex]:
    """Return how rows may know the phone and the email of a customer, without those that are unknown."""
    values = {column: reveal_column(customer, column) for column in CONTACT_COLUMNS}
    return {
        column: index_of_normalised(column=column, value=value) for column, value in values.items() if value
    }


def reveal_column(customer: Customer, column: Literal["name", "phone", "email"]) -> str:
    """Return one sealed value of a customer in clear, empty where unknown."""
    sealed: bytes | None = getattr(customer, f"{column}_sealed")
    if sealed is None:
        return ""
    return reveal(sealed=sealed, table=TABLE, column=column, row_id=customer.id)


TABLE: str = Customer._meta.db_table  # noqa: SLF001 - Django's documented API
