"""What an event came with, as a hash that is sealed in its row: it tells a repeat from a conflict.

Events from before hashes were sealed hold an HMAC under a key of `BLIND_INDEX_KEYS`. A rotation seals it
together with the keys of that time, so that a repeat is known when they have left the settings.
"""

import hashlib
import hmac
import json
import uuid
from typing import Any

from django.conf import settings

from feedback_site.common.sealing import reveal_bytes, seal_bytes
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.services.hashing import hash_under

COLUMN = "content_hash"
_PURPOSE = "service event"
_HASH_BYTES = 32
_BETWEEN_KEYS = b"\0"


def seal_content(content: Any, *, event_id: uuid.UUID) -> bytes:
    """Return the sealed hash of an event's content."""
    return seal_bytes(value=_digest(content), row_id=event_id, **_place())


def is_content_of(event: ServiceEvent, content: Any) -> bool:
    """Return whether the event came with this content. Raises `SealBrokenError` where its key is gone."""
    stored = bytes(event.content_hash)
    kept = stored_before_seals(stored)
    if kept is None:
        kept = reveal_bytes(sealed=stored, row_id=event.pk, **_place())
    digest, keys = kept[:_HASH_BYTES], kept[_HASH_BYTES:]
    if not keys:
        return hmac.compare_digest(digest, _digest(content))
    found = (hash_under(key.decode(), _PURPOSE, content) for key in keys.split(_BETWEEN_KEYS))
    return any(hmac.compare_digest(digest, one) for one in found)


def stored_before_seals(stored: bytes) -> bytes | None:
    """Return what is to be sealed of a hash from before: itself and all keys; None for a sealed one."""
    if len(stored) > _HASH_BYTES:
        return None
    return stored.ljust(_HASH_BYTES, b"\0") + _BETWEEN_KEYS.join(
        key.encode() for key in settings.BLIND_INDEX_KEYS
    )


def _digest(content: Any) -> bytes:
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).digest()


def _place() -> dict[str, str]:
    return {"table": ServiceEvent._meta.db_table, "column": COLUMN}  # noqa: SLF001 - Django's documented API
