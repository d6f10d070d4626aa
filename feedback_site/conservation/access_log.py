"""The access log's chain, its head and its anchors, worked out again from the rows.

The sealing code itself is not asked.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

_ENTRIES = """
    SELECT id, at, actor, action, subject_kind, subject_id, team_id, details::text, previous_hash, entry_hash,
      key_id
    FROM accounts_accesslogentry
    WHERE id >= %(first)s
    ORDER BY id
"""
# The entry before the first of the latest ones is the one that they follow from.
_FIRST = """
    SELECT coalesce(max(id), 0) FROM accounts_accesslogentry
    WHERE id < coalesce((SELECT min(id) FROM accounts_accesslogentry
      WHERE at >= %(since)s), 9223372036854775807)
"""
_HEAD = "SELECT entries, last_id, head_hash, anchors, anchor_seal, key_id, seal FROM accounts_accessloghead"
_LAST = "SELECT id, entry_hash FROM accounts_accesslogentry ORDER BY id DESC LIMIT 1"
_ANCHORED = """
    SELECT (SELECT entry_hash FROM accounts_accesslogentry WHERE id = %(last_id)s),
        CASE WHEN %(counts)s THEN (SELECT count(*) FROM accounts_accesslogentry WHERE id <= %(last_id)s)
          ELSE %(entries)s END
"""
_BATCH = 2000
_BEFORE_THE_FIRST = bytes(32)
_Fault = tuple[str, str]


def broken_seals(since: datetime | None = None) -> Iterator[_Fault]:
    """Yield what is wrong with the log: all of it, or what was made since then.

    Each by the id of the entry, "head" or "anchor <line>".

    A seal is HMAC-SHA256 over the seal before and the entry as JSON:
    keys sorted, no spaces, UTF-8, the time in UTC with microseconds.
    """
    with connection.cursor() as cursor:
        yield from _chain(cursor, since)
        yield from _head(cursor, counts=since is None)


def _chain(cursor: CursorWrapper, since: datetime | None) -> Iterator[_Fault]:
    first = _first(cursor, since)
    before = None if first else _BEFORE_THE_FIRST
    cursor.execute(_ENTRIES, {"first": first})
    while rows := cursor.fetchmany(_BATCH):
        for number, *content, previous, seal, key_id in rows:
            before = bytes(previous) if before is None else before
            if bytes(previous) != before:
                yield str(number), "does not follow from the entry before: one is missing or was changed"
            elif not _is_sealed(before + _written(content), key_id, seal):
                yield str(number), "was changed after it was sealed"
            before = bytes(seal)


def _first(cursor: CursorWrapper, since: datetime | None) -> int:
    """Return the number of the entry to begin with, 0 for all of them."""
    if since is None:
        return 0
    cursor.execute(_FIRST, {"since": since})
    (first,) = cursor.fetchone()
    return int(first)


def _head(cursor: CursorWrapper, *, counts: bool) -> Iterator[_Fault]:
    """Compare the last entry with the head, which is sealed, and both with the anchors.

    The anchors lie outside the database.
    """
    cursor.execute(_LAST)
    last_id, last_hash = cursor.fetchone() or (0, _BEFORE_THE_FIRST)
    cursor.execute(_HEAD)
    head = cursor.fetchone()
    if head is None:
        if last_id:
            yield "head", "is missing, and with it how many entries there were"
        yield from _anchors(cursor, 0, "", counts=counts)
        return
    entries, head_id, head_hash, anchors, anchor_seal, key_id, seal = head
    text = f"head|{entries}|{head_id}|{bytes(head_hash).hex()}|{anchors}|{bytes(anchor_seal).hex()}"
    if not _is_sealed(text.encode(), key_id, seal):
        yield "head", "was changed after it was sealed"
    if (last_id, bytes(last_hash)) != (head_id, bytes(head_hash)):
        yield (
            "head",
            (
                f"names entry {head_id} as the last, the log ends with {last_id}: "
                "entries were taken off its end or put there"
            ),
        )
    if counts:
        cursor.execute("SELECT count(*) FROM accounts_accesslogentry")
        (found,) = cursor.fetchone()
        if found != entries:
            yield "head", f"counts {entries} entries, there are {found}"
    yield from _anchors(cursor, anchors, bytes(anchor_seal).hex(), counts=counts)


def _anchors(cursor: CursorWrapper, anchors: int, anchor_seal: str, *, counts: bool) -> Iterator[_Fault]:
    """Follow the lines from the first and look their entries up.

    A run over the latest looks up only those of the last line.
    """
    lines = _lines()
    if len(lines) < anchors:
        yield (
            f"anchor {anchors}",
            (
                f"{anchors} lines were written outside the database, {len(lines)} are there: the file was "
                "removed or cut"
            ),
        )
    before = _BEFORE_THE_FIRST.hex()
    for number, line in enumerate(lines, start=1):
        content = _read(line)
        seal = str(content.pop("seal", ""))
        if not _is_sealed(
            before.encode() + json.dumps(content, sort_keys=True).encode(), content.get("key"), seal
        ):
            yield f"anchor {number}", "was changed, or one before it is missing"
        elif (counts or number == len(lines)) and not _is_borne_out(cursor, content, counts=counts):
            yield (
                f"anchor {number}",
                f"states {content['entries']} entries up to {content['last_id']}, the log has others now",
            )
        if number == anchors and seal != anchor_seal:
            yield f"anchor {number}", "is not the one that the head names"
        before = seal


def _is_borne_out(cursor: CursorWrapper, content: dict[str, Any], *, counts: bool) -> bool:
    cursor.execute(
        _ANCHORED, {"last_id": content["last_id"], "entries": content["entries"], "counts": counts}
    )
    found, entries = cursor.fetchone()
    return found is not None and bytes(found).hex() == content["head"] and entries == content["entries"]


def _lines() -> list[str]:
    if not settings.ACCESS_LOG_ANCHOR_DIR:
        return []
    path = Path(settings.ACCESS_LOG_ANCHOR_DIR) / f"access-log-{connection.settings_dict['NAME']}.jsonl"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _read(line: str) -> dict[str, Any]:
    try:
        content = json.loads(line)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _is_sealed(content: bytes, key_id: object, seal: str | bytes) -> bool:
    """Whether a key of this site made the seal, given as bytes or in hexadecimal."""
    keys = list(reversed(settings.ACCESS_LOG_KEYS))
    if not isinstance(key_id, int) or not 0 <= key_id < len(keys):
        return False
    expected = hmac.new(keys[key_id].encode(), content, hashlib.sha256).digest()
    return expected.hex() == seal if isinstance(seal, str) else expected == bytes(seal)


def _written(content: list[Any]) -> bytes:
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
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
