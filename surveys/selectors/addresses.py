"""Which ways there are to customers, and which of them are closed."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from feedback_site.common.sealing import ContactIndex, known_forms
from feedback_site.customers.models import Customer
from feedback_site.customers.services import contact_indexes
from feedback_site.delivery.enums import DeliveryChannel
from feedback_site.delivery.selectors import suppressed_contacts
from surveys.rules import Address, addresses_of

# The way to a customer that no message takes: staff call.
CALL = "call"


@dataclass(frozen=True, slots=True)
class Reach:
    """The contacts of some customers as of now, and those that must not be written to.

    Contacts are by customer and delivery channel. Indexes are those of today's first key, whatever key the
    rows were written under.
    """

    ways: dict[uuid.UUID, dict[str, ContactIndex]] = field(default_factory=dict)
    suppressed: set[Address] = field(default_factory=set)

    def addresses(self, customer_id: uuid.UUID, channels: Sequence[str]) -> list[Address]:
        """Return a customer's addresses in the order in which `channels` are tried."""
        return addresses_of(
            {channel: way.current for channel, way in self.ways[customer_id].items()}, channels
        )

    def contacts(self) -> dict[uuid.UUID, Collection[ContactIndex]]:
        """Return all contacts by customer, those that take no messages among them."""
        return {customer_id: ways.values() for customer_id, ways in self.ways.items()}

    def contact(self, customer_id: uuid.UUID, address: Address) -> ContactIndex:
        """Return the contact behind one of a customer's addresses."""
        return self.ways[customer_id][address.channel]

    def forms(self) -> dict[bytes, bytes]:
        """Return the index of each contact by each form in which a row may hold it."""
        return known_forms(self._contacts())

    def locks(self) -> set[bytes]:
        """Return what to lock before contacts are judged."""
        return {contact.lock for contact in self._contacts()}

    def _contacts(self) -> list[ContactIndex]:
        return [way for ways in self.ways.values() for way in ways.values()]


def reach_of(customers: Iterable[Customer]) -> Reach:
    """Return the ways to `customers`. One query per delivery channel."""
    ways = {customer.pk: _ways_of(customer) for customer in customers}
    suppressed: set[Address] = set()
    for channel in DeliveryChannel:
        contacts = [
            of_customer[channel.value] for of_customer in ways.values() if channel.value in of_customer
        ]
        suppressed |= {Address(channel.value, index) for index in suppressed_contacts(channel, contacts)}
    return Reach(ways=ways, suppressed=suppressed)


def _ways_of(customer: Customer) -> dict[str, ContactIndex]:
    """Return the contact of a customer by delivery channel, and for calls; a land line takes no texts."""
    found = contact_indexes(customer)
    phone = found.get("phone")
    by_channel = {
        DeliveryChannel.SMS.value: phone if customer.phone_takes_texts else None,
        DeliveryChannel.EMAIL.value: found.get("email"),
        CALL: phone,
    }
    return {channel: contact for channel, contact in by_channel.items() if contact is not None}
