"""The access log: a chain of entries, each sealing the one before with a key.

The head of the chain is kept in a row of its own.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from feedback_site.accounts.enums import AccessAction
from feedback_site.accounts.models import AccessLogEntry, AccessLogHead
from feedback_site.common.locks import Lock, wait_for

FIRST = b"\0" * 32
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
    """Add one entry in the caller's transaction, one writer at a time.

    What is read is on record, or it is not read.
    """
    head = locked_head()
    entry = AccessLogEntry(
        at=at,
        actor=actor_name(actor),
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        team_id=team_id,
        details=dict(details or {}),
        previous_hash=head.head_hash,
        key_id=newest_key_id(),
    )
    entry.entry_hash = hash_entry(entry)
    entry.save(force_insert=True)
    head.entries += 1
    head.last_id, head.head_hash = entry.pk, entry.entry_hash
    save_head(head)
    return entry


def locked_head() -> AccessLogHead:
    """Return the head of the chain, with the log locked for others until the transaction ends.

    Where the head is gone a new chain begins, whatever entries
    there are: `verify` then finds that they do not add up.
    """
    wait_for(Lock.ACCESS_LOG)
    return AccessLogHead.objects.first() or AccessLogHead(
        entries=0, last_id=0, head_hash=FIRST, anchors=0, anchor_seal=FIRST
    )


def save_head(head: AccessLogHead) -> None:
    """Seal the head and save it."""
    head.key_id = newest_key_id()
    head.seal = keyed(head_text(head), head.key_id)
    head.save()


def head_text(head: AccessLogHead) -> bytes:
    """Return what the seal of a head is made over."""
    parts = (
        head.entries,
        head.last_id,
        bytes(head.head_hash).hex(),
        head.anchors,
        bytes(head.anchor_seal).hex(),
    )
    return f"head|{'|'.join(map(str, parts))}".encode()


def newest_key_id() -> int:
    """Return the id of the key for new seals.

    `ACCESS_LOG_KEYS` is newest first; ids count from the oldest, so they never shift.
    """
    return len(settings.ACCESS_LOG_KEYS) - 1


def keyed(content: bytes, key_id: int) -> bytes:
    """Return HMAC-SHA256 of the content under one of the log's keys."""
    key = list(reversed(settings.ACCESS_LOG_KEYS))[key_id]
    return hmac.new(key.encode(), content, hashlib.sha256).digest()


def actor_name(actor: Model | None) -> str:
    """Return what the log calls an actor: `user:<id>`, `api_key:<id>` or `webhook:<id>`.

    The site's own commands are called `system`.
    """
    if actor is None:
        return SYSTEM
    return f"{_ACTORS[actor._meta.model_name or '']}:{actor.pk}"  # noqa: SLF001 - Django's documented API


def hash_entry(entry: AccessLogEntry) -> bytes:
    """Return the HMAC over the previous seal and the entry's content in one fixed form."""
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
    return keyed(bytes(entry.previous_hash) + text.encode(), entry.key_id)
