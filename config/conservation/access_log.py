"""The access log's chain, worked out anew from the rows: the sealing code itself is not asked."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.db import connection

_ENTRIES = """
    SELECT id, at, actor, action, subject_kind, subject_id, team_id, details::text, previous_hash, entry_hash
    FROM accounts_accesslogentry
    ORDER BY id
"""
_BATCH = 2000
_BEFORE_THE_FIRST = bytes(32)


def broken_seals() -> Iterator[tuple[str, str]]:
    """Yield the id of each entry that does not follow from the one before, and what is wrong with it.

    A seal is SHA-256 over the seal before and the entry as JSON: keys sorted, no spaces, UTF-8, the time in UTC with microseconds.
    """
    before = _BEFORE_THE_FIRST
    with connection.cursor() as cursor:
        cursor.execute(_ENTRIES)
        while rows := cursor.fetchmany(_BATCH):
            for number, *content, previous, seal in rows:
                if bytes(previous) != before:
                    yield str(number), "does not follow from the entry before: one is missing or was changed"
                elif bytes(seal) != _seal_of(before, content):
                    yield str(number), "was changed after it was sealed"
                before = bytes(seal)


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
