"""Sealing: AES-256-GCM bound to the row and column it was made for, and keyed hashes that find an exact match."""

import hashlib
import hmac
import os
import uuid
from functools import lru_cache
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.customers.services.normalising import normalise_email, normalise_phone

_LAYOUT = 1
_NONCE_BYTES, _KEY_BYTES, _HEADER_BYTES = 12, 32, 2
_KEY_PURPOSE = b"customers: sealed fields"

SealedColumn = Literal["name", "phone", "email"]


class SealBrokenError(DomainError):
    """A sealed value cannot be opened: its key is gone, or it was moved or changed."""

    status_code = 500


def seal(*, value: str, table: str, column: SealedColumn, row_id: uuid.UUID) -> bytes:
    """Return layout (1 byte), key id (1 byte), nonce (12 bytes) and ciphertext of `value`."""
    return seal_bytes(value=value.encode(), table=table, column=column, row_id=row_id)


def seal_bytes(*, value: bytes, table: str, column: str, row_id: uuid.UUID) -> bytes:
    """Seal what is no text, such as a piece of a file that names customers."""
    key_id = len(settings.FIELD_ENCRYPTION_KEYS) - 1
    nonce = os.urandom(_NONCE_BYTES)
    ciphertext = _cipher(settings.FIELD_ENCRYPTION_KEYS[0]).encrypt(nonce, value, _bound_to(table, column, row_id))
    return bytes([_LAYOUT, key_id]) + nonce + ciphertext


def reveal(*, sealed: bytes, table: str, column: SealedColumn, row_id: uuid.UUID) -> str:
    """Open what `seal` made for the same place; raises `SealBrokenError` naming the place, never the value."""
    return reveal_bytes(sealed=sealed, table=table, column=column, row_id=row_id).decode()


def reveal_bytes(*, sealed: bytes, table: str, column: str, row_id: uuid.UUID) -> bytes:
    """Open what `seal_bytes` made for the same place; raises `SealBrokenError` naming the place, never the value."""
    sealed = bytes(sealed)
    # Keys are newest first and their ids count from the oldest, so that an id never shifts.
    keys = list(reversed(settings.FIELD_ENCRYPTION_KEYS))
    place = {"table": table, "column": column, "id": str(row_id)}
    if len(sealed) < _HEADER_BYTES + _NONCE_BYTES or sealed[0] != _LAYOUT or sealed[1] >= len(keys):
        raise SealBrokenError(_("A sealed value cannot be opened with the keys of this site."), place)
    nonce, ciphertext = sealed[_HEADER_BYTES : _HEADER_BYTES + _NONCE_BYTES], sealed[_HEADER_BYTES + _NONCE_BYTES :]
    try:
        return _cipher(keys[sealed[1]]).decrypt(nonce, ciphertext, _bound_to(table, column, row_id))
    except InvalidTag:
        raise SealBrokenError(_("A sealed value cannot be opened with the keys of this site."), place) from None


def blind_index(*, column: Literal["phone", "email"], value: str) -> bytes:
    """Return HMAC-SHA256 of the normalised phone (E.164, China unless it says otherwise) or email (lower case), 32 bytes."""
    normalised = normalise_phone(value) if column == "phone" else normalise_email(value).lower()
    return hmac.new(settings.BLIND_INDEX_KEYS[0].encode(), f"{column}|{normalised}".encode(), hashlib.sha256).digest()


def _bound_to(table: str, column: str, row_id: uuid.UUID) -> bytes:
    return f"{table}|{column}|{row_id}".encode()


@lru_cache(maxsize=16)
def _cipher(key: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_KEY_PURPOSE).derive(key.encode())
    return AESGCM(derived)
