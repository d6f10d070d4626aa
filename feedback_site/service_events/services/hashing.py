"""Keyed hashes of content: they tell equal from different and nothing else."""

import hashlib
import hmac
import json
from typing import Any

from django.conf import settings


def keyed_hash(*, purpose: str, content: Any) -> bytes:
    """Return HMAC-SHA256 of plain `content` by the newest key; the order of keys does not matter.

    Content is dicts, lists, texts and numbers.
    """
    return hash_under(settings.BLIND_INDEX_KEYS[0], purpose, content)


def matches(stored: bytes, *, purpose: str, content: Any) -> bool:
    """Return whether `stored` is the hash of `content` by any key that was ever in use."""
    return any(
        hmac.compare_digest(bytes(stored), hash_under(key, purpose, content))
        for key in settings.BLIND_INDEX_KEYS
    )


def hash_under(key: str, purpose: str, content: Any) -> bytes:
    """Return the hash by one key."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hmac.new(key.encode(), f"{purpose}|{canonical}".encode(), hashlib.sha256).digest()
