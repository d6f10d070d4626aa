from feedback_site.customers.services.consents import ConsentStatement, record_consent, record_consents
from feedback_site.customers.services.contacts import Contact, contact_indexes, contacts_of
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
from feedback_site.customers.services.indexing import (
    ContactColumn,
    ContactIndex,
    blind_index,
    contact_index,
    index_of_normalised,
    known_forms,
    match_forms,
)
from feedback_site.customers.services.normalising import normalise_email, normalise_phone
from feedback_site.customers.services.preferences import RECORDING, preferences_of, record_preferences, state_preferences
from feedback_site.customers.services.refusals import (
    Refusing,
    Wish,
    consenting_customer_ids,
    contacts_by_customer,
    lift_refusals,
    refuse_contacts,
    refused_contacts,
)
from feedback_site.customers.services.revealing import LONGEST_NOTE, REVEALING, open_contact, reveal_contact
from feedback_site.customers.services.sealed_columns import SealedColumn, register_sealed_column, sealed_columns
from feedback_site.customers.services.sealing import SealBrokenError, reveal, reveal_bytes, seal, seal_bytes

__all__ = [
    "LONGEST_NOTE",
    "RECORDING",
    "REVEALING",
    "ConsentStatement",
    "Contact",
    "ContactColumn",
    "ContactIndex",
    "CustomerEntry",
    "Refusing",
    "SealBrokenError",
    "SealedColumn",
    "Wish",
    "blind_index",
    "consenting_customer_ids",
    "contact_index",
    "contact_indexes",
    "contacts_by_customer",
    "contacts_of",
    "credit_team",
    "credit_teams",
    "customer_entry",
    "fingerprint",
    "index_of_normalised",
    "keep_file",
    "known_forms",
    "lift_refusals",
    "lock_customer",
    "match_forms",
    "normalise_email",
    "normalise_phone",
    "open_contact",
    "open_file",
    "preferences_of",
    "record_consent",
    "record_consents",
    "record_preferences",
    "refuse_contacts",
    "refused_contacts",
    "register_sealed_column",
    "remove_files",
    "reveal",
    "reveal_bytes",
    "reveal_contact",
    "seal",
    "seal_bytes",
    "sealed_columns",
    "state_preferences",
    "uncredit_team",
    "upsert_customer",
    "upsert_customers",
]
