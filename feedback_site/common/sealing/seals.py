"""Sealing: AES-256-GCM bound to the row and column it was made for.

Each sealed value names the key that opens it.
"""

import os
import uuid
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.common.sealing.keys import ID_BYTES, field_keys, newest_field_key_id

# Values of the first layout say the position of their key in a list
# that has changed since: they are opened by trying all keys.
UNNAMED_LAYOUT, LAYOUT = 1, 2
NONCE_BYTES, KEY_BYTES = 12, 32
_UNNAMED_HEADER_BYTES, _HEADER_BYTES = 2, 1 + ID_BYTES
_KEY_PURPOSE = b"customers: sealed fields"

RowId = uuid.UUID | int


class SealBrokenError(DomainError):
    """A sealed value cannot be opened: its key is gone, or it was moved or changed."""

    status_code = 500


def seal(*, value: str, table: str, column: str, row_id: RowId) -> bytes:
    """Return layout (1 byte), key id (4 bytes), nonce (12 bytes) and ciphertext of `value`."""
    return seal_bytes(value=value.encode(), table=table, column=column, row_id=row_id)


def seal_bytes(*, value: bytes, table: str, column: str, row_id: RowId) -> bytes:
    """Seal what is no text, such as a piece of a file that names customers."""
    nonce = os.urandom(NONCE_BYTES)
    ciphertext = _cipher(settings.FIELD_ENCRYPTION_KEYS[0]).encrypt(
        nonce, value, _bound_to(table, column, row_id)
    )
    return seal_header() + nonce + ciphertext


def reveal(*, sealed: bytes, table: str, column: str, row_id: RowId) -> str:
    """Open what `seal` made for the same row and column.

    Raises `SealBrokenError` naming these, never the value.
    """
    return reveal_bytes(sealed=sealed, table=table, column=column, row_id=row_id).decode()


def reveal_bytes(*, sealed: bytes, table: str, column: str, row_id: RowId) -> bytes:
    """Open what `seal_bytes` made for the same row and column.

    Raises `SealBrokenError` naming these, never the value.
    """
    sealed = bytes(sealed)
    keys, rest = _candidates(sealed)
    if len(rest) >= NONCE_BYTES:
        for key in keys:
            try:
                return _cipher(key).decrypt(
                    rest[:NONCE_BYTES], rest[NONCE_BYTES:], _bound_to(table, column, row_id)
                )
            except InvalidTag:
                continue
    place = {"table": table, "column": column, "id": str(row_id)}
    raise SealBrokenError(_("A sealed value cannot be opened with the keys of this site."), place) from None


def seal_header() -> bytes:
    """Return how values begin that are sealed now.

    A value that begins otherwise is not sealed under the first key.
    """
    return bytes([LAYOUT]) + newest_field_key_id()


def _candidates(sealed: bytes) -> tuple[list[str], bytes]:
    """Return the keys that may open a value, and its nonce and ciphertext."""
    if sealed[:1] == bytes([UNNAMED_LAYOUT]):
        return list(field_keys().values()), sealed[_UNNAMED_HEADER_BYTES:]
    key = field_keys().get(sealed[1:_HEADER_BYTES]) if sealed[:1] == bytes([LAYOUT]) else None
    return [] if key is None else [key], sealed[_HEADER_BYTES:]


def _bound_to(table: str, column: str, row_id: RowId) -> bytes:
    return f"{table}|{column}|{row_id}".encode()


@lru_cache(maxsize=16)
def _cipher(key: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=_KEY_PURPOSE).derive(key.encode())
    return AESGCM(derived)
