"""Which ways there are to customers."""

from collections.abc import Iterable

from feedback_site.customers.models import Customer
from feedback_site.delivery.enums import DeliveryChannel
from feedback_site.delivery.selectors import suppressed_indexes
from surveys.rules import Address


def indexes_of(customer: Customer) -> dict[str, bytes | None]:
    """Return the blind index of the customer's address by delivery channel, None where there is none: a land line takes no texts."""
    mobile_index = customer.phone_index if customer.phone_takes_texts else None
    indexes = {DeliveryChannel.SMS.value: mobile_index, DeliveryChannel.EMAIL.value: customer.email_index}
    return {channel: None if index is None else bytes(index) for channel, index in indexes.items()}


def suppressed_addresses(customers: Iterable[Customer]) -> set[Address]:
    """Return those addresses of `customers` that must not be written to. One query per delivery channel."""
    known = [indexes_of(customer) for customer in customers]
    found: set[Address] = set()
    for channel in DeliveryChannel:
        indexes = {index for by_channel in known if (index := by_channel[channel.value]) is not None}
        found |= {Address(channel.value, index) for index in suppressed_indexes(channel, indexes)}
    return found
