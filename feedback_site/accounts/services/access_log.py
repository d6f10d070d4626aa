"""The access log: one chain of entries, each sealing the one before."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from feedback_site.accounts.enums import AccessAction
from feedback_site.accounts.models import AccessLogEntry

_LOCK = 7_301_003
_FIRST = b"\0" * 32
SYSTEM = "system"
_ACTORS = {"user": "user", "apikey": "api_key", "webhooksource": "webhook"}


@transaction.atomic
def record_access(
    *,
    actor: Model | None,
    action: AccessAction,
    subject_kind: str,
    subject_id: str = "",
    team_id: int | None = None,
    details: Mapping[str, Any] | None = None,
    at: datetime,
) -> AccessLogEntry:
    """Add one entry in the caller's transaction: what is read is on record, or it is not read. One writer at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = AccessLogEntry.objects.order_by("-pk").values_list("entry_hash", flat=True).first()
    entry = AccessLogEntry(
        at=at,
        actor=actor_name(actor),
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        team_id=team_id,
        details=dict(details or {}),
        previous_hash=_FIRST if last is None else bytes(last),
    )
    entry.entry_hash = hash_entry(entry)
    entry.save(force_insert=True)
    return entry


def actor_name(actor: Model | None) -> str:
    """Return what the log calls an actor: `user:<id>`, `api_key:<id>` or `webhook:<id>`; `system` for the site's own commands."""
    if actor is None:
        return SYSTEM
    return f"{_ACTORS[actor._meta.model_name or '']}:{actor.pk}"  # noqa: SLF001 - Django's documented API


def hash_entry(entry: AccessLogEntry) -> bytes:
    """Return the SHA-256 over the previous hash and the entry's content in one fixed form."""
    content = {
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": str(entry.action),
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "team_id": entry.team_id,
        "details": entry.details,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(bytes(entry.previous_hash) + text.encode()).digest()


def broken_entries() -> Iterator[int]:
    """Yield the ids of entries that do not follow from the one before, in order."""
    previous = _FIRST
    for entry in AccessLogEntry.objects.order_by("pk").iterator():
        if bytes(entry.previous_hash) != previous or bytes(entry.entry_hash) != hash_entry(entry):
            yield entry.pk
        previous = bytes(entry.entry_hash)
