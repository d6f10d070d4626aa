"""Blind indexes: keyed hashes that find a contact by an exact match, and name the key they were made with.

Rows are written under the first key and found under every key
of the list, so that a new first key switches nothing off.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from django.conf import settings

from feedback_site.common.exceptions import DomainError
from feedback_site.common.sealing.keys import id_of, index_keys
from feedback_site.common.sealing.normalising import normalise_email, normalise_phone

ContactColumn = Literal["phone", "email"]
CONTACT_COLUMNS: tuple[ContactColumn, ...] = ("phone", "email")


@dataclass(frozen=True, slots=True)
class ContactIndex:
    """The blind indexes of one contact.

    `current` is what is written, `known_as` all that a row may hold, `lock` what is locked.

    Locks are taken by the oldest key: two processes of which one has got a new first key already still wait
    for each other. `value` is the contact in clear, for sealing it beside its index; never log or store it.
    """

    column: ContactColumn
    value: str = field(repr=False, compare=False)
    current: bytes
    known_as: tuple[bytes, ...]
    lock: bytes


def blind_index(*, column: ContactColumn, value: str) -> bytes:
    """Return the id of the first key and HMAC-SHA256 of the contact: 36 bytes, for every spelling.

    Raises as normalising does.
    """
    return contact_index(column=column, value=value).current


def contact_index(*, column: ContactColumn, value: str) -> ContactIndex:
    """Return how rows may know `value`, in every spelling of it.

    Raises `DomainError` naming the field where `value` is no contact.
    """
    return index_of_normalised(
        column=column, value=normalise_phone(value) if column == "phone" else normalise_email(value)
    )


def index_of_normalised(*, column: ContactColumn, value: str) -> ContactIndex:
    """Return how rows may know a contact that is stored.

    It was normalised then, perhaps by rules that were different.
    """
    content = f"{column}|{value if column == 'phone' else _one_spelling(value)}".encode()
    hashes = {
        key_id: hmac.new(key.encode(), content, hashlib.sha256).digest()
        for key_id, key in index_keys().items()
    }
    named = [key_id + digest for key_id, digest in hashes.items()]
    # Rows from before indexes named their key hold the hash alone.
    return ContactIndex(
        column=column,
        value=value,
        current=named[0],
        known_as=(*named, *hashes.values()),
        lock=hashes[id_of(settings.BLIND_INDEX_KEYS[-1])],
    )


def is_contact(text: str) -> bool:
    """Return whether `text` can be read as a phone number or an email address."""
    for column in CONTACT_COLUMNS:
        with suppress(DomainError):
            return bool(contact_index(column=column, value=text))
    return False


def known_forms(contacts: Iterable[ContactIndex]) -> dict[bytes, bytes]:
    """Return the current index by each form in which a row may hold it.

    The keys are what to ask the database for, the values how to read its answer.
    """
    return {form: contact.current for contact in contacts for form in contact.known_as}


def match_forms(stored: Iterable[bytes | memoryview | None], forms: dict[bytes, bytes]) -> set[bytes]:
    """Return the current index of each stored one."""
    return {forms[bytes(index)] for index in stored if index is not None}


def _one_spelling(address: str) -> str:
    """Return an email address as it compares.

    Full-width signs, capitals and the two spellings of a domain make no difference.
    """
    local, _at, domain = unicodedata.normalize("NFKC", address).casefold().rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode("ascii")
    return f"{local}@{domain}"
