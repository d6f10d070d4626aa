"""Customers as systems state them."""

from typing import Any

from feedback_site.customers.models import Customer
from feedback_site.customers.services import customer_entry, upsert_customers


def upsert_customer(**stated: Any) -> Customer:
    """State one customer, as events and imports do; what is not stated stays as it is."""
    entry = customer_entry(**stated)
    return upsert_customers(entries=[entry])[entry.key]
