from feedback_site.customers.services.consents import ConsentStatement, record_consent, record_consents
from feedback_site.customers.services.contacts import Contact, contacts_of
from feedback_site.customers.services.customers import (
    CustomerEntry,
    credit_team,
    credit_teams,
    customer_entry,
    lock_customer,
    uncredit_team,
    upsert_customer,
    upsert_customers,
)
from feedback_site.customers.services.files import fingerprint, keep_file, open_file, remove_files
from feedback_site.customers.services.normalising import normalise_email, normalise_phone, takes_texts
from feedback_site.customers.services.revealing import LONGEST_NOTE, REVEALING, open_contact, reveal_contact
from feedback_site.customers.services.sealing import SealBrokenError, blind_index, reveal, reveal_bytes, seal, seal_bytes

__all__ = [
    "LONGEST_NOTE",
    "REVEALING",
    "ConsentStatement",
    "Contact",
    "CustomerEntry",
    "SealBrokenError",
    "blind_index",
    "contacts_of",
    "credit_team",
    "credit_teams",
    "customer_entry",
    "fingerprint",
    "keep_file",
    "lock_customer",
    "normalise_email",
    "normalise_phone",
    "open_contact",
    "open_file",
    "record_consent",
    "record_consents",
    "remove_files",
    "reveal",
    "reveal_bytes",
    "reveal_contact",
    "seal",
    "seal_bytes",
    "takes_texts",
    "uncredit_team",
    "upsert_customer",
    "upsert_customers",
]
