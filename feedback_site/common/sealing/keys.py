"""Keys by their ids.

An id is worked out from the key itself, so it stays the same when other keys come or go.
"""

import hashlib
from functools import lru_cache

from django.conf import settings

ID_BYTES = 4
_ID_PURPOSE = b"customers: id of a key|"


@lru_cache(maxsize=64)
def id_of(key: str) -> bytes:
    """Return the id of a key, 4 bytes, which say nothing about the key."""
    return hashlib.sha256(_ID_PURPOSE + key.encode()).digest()[:ID_BYTES]


def field_keys() -> dict[bytes, str]:
    """Return the keys that open sealed columns, newest first, by id."""
    return {id_of(key): key for key in settings.FIELD_ENCRYPTION_KEYS}


def index_keys() -> dict[bytes, str]:
    """Return the keys of blind indexes, newest first, by id."""
    return {id_of(key): key for key in settings.BLIND_INDEX_KEYS}


def newest_field_key_id() -> bytes:
    """Return the id of the key that seals what is written now."""
    return id_of(settings.FIELD_ENCRYPTION_KEYS[0])


def newest_index_key_id() -> bytes:
    """Return the id of the key under which contacts are indexed now."""
    return id_of(settings.BLIND_INDEX_KEYS[0])
