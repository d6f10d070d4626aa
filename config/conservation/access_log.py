"""The access log's chain, worked out anew from the rows: the sealing code itself is not asked."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

_ENTRIES = """
    SELECT id, at, actor, action, subject_kind, subject_id, team_id, details::text, previous_hash, entry_hash
    FROM accounts_accesslogentry
    WHERE id >= %(first)s
    ORDER BY id
"""
# The entry before the first of the latest ones is the one that they follow from.
_FIRST = """
    SELECT coalesce(max(id), 0) FROM accounts_accesslogentry
    WHERE id < coalesce((SELECT min(id) FROM accounts_accesslogentry WHERE at >= %(since)s), 9223372036854775807)
"""
_BATCH = 2000
_BEFORE_THE_FIRST = bytes(32)


def broken_seals(since: datetime | None = None) -> Iterator[tuple[str, str]]:
    """Yield the id of each entry (made since then) that does not follow from the one before, and what is wrong with it.

    A seal is SHA-256 over the seal before and the entry as JSON: keys sorted, no spaces, UTF-8, the time in UTC with microseconds.
    """
    with connection.cursor() as cursor:
        first = _first(cursor, since)
        before = None if first else _BEFORE_THE_FIRST
        cursor.execute(_ENTRIES, {"first": first})
        while rows := cursor.fetchmany(_BATCH):
            for number, *content, previous, seal in rows:
                before = bytes(previous) if before is None else before
                if bytes(previous) != before:
                    yield str(number), "does not follow from the entry before: one is missing or was changed"
                elif bytes(seal) != _seal_of(before, content):
                    yield str(number), "was changed after it was sealed"
                before = bytes(seal)


def _first(cursor: CursorWrapper, since: datetime | None) -> int:
    """Return the number of the entry to begin with, 0 for all of them."""
    if since is None:
        return 0
    cursor.execute(_FIRST, {"since": since})
    (first,) = cursor.fetchone()
    return int(first)


def _seal_of(before: bytes, content: list[Any]) -> bytes:
    at, actor, action, subject_kind, subject_id, team_id, details = content
    entry = {
        "action": action,
        "actor": actor,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "details": json.loads(details),
        "subject_id": subject_id,
        "subject_kind": subject_kind,
        "team_id": team_id,
    }
    text = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(before + text.encode()).digest()
