"""Anchors of the access log: each hour its count and head, written outside the database.

They go to a line of a file and a line of the logs.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.enums import AccountAccess
from feedback_site.accounts.models import AccessLogEntry, AccessLogHead
from feedback_site.accounts.services.access_log import (
    FIRST,
    keyed,
    locked_head,
    newest_key_id,
    record_access,
    save_head,
)
from feedback_site.common.exceptions import DomainError

logger = structlog.get_logger(__name__)


def anchor_path() -> Path | None:
    """Return the file of this database's anchors, None where the site keeps none."""
    folder = settings.ACCESS_LOG_ANCHOR_DIR
    return Path(folder) / f"access-log-{connection.settings_dict['NAME']}.jsonl" if folder else None


@transaction.atomic
def anchor_access_log(*, at: datetime) -> int:
    """Write the count and the head of the access log to a file, and return the count.

    The file is best where a person who can change the database cannot write. Each line seals the one before.
    A file that has lost lines is written on, but the head goes on naming what is missing.
    """
    head = locked_head()
    number = head.entries
    logger.info("access_log_anchored", entries=number, last_id=head.last_id, head=bytes(head.head_hash).hex())
    path = anchor_path()
    if path is None or head.pk is None or not number:
        return number
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = _lines(path)
    before = _seal_in(lines[-1]) if lines else FIRST.hex()
    content = {
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "entries": number,
        "head": bytes(head.head_hash).hex(),
        "key": newest_key_id(),
        "last_id": head.last_id,
    }
    seal = keyed(before.encode() + json.dumps(content, sort_keys=True).encode(), newest_key_id())
    _append(path, json.dumps({**content, "seal": seal.hex()}, sort_keys=True))
    if not _holds_last(lines, head):
        logger.error("access_log_anchors_missing", expected=head.anchors, found=len(lines))
        return number
    head.anchors, head.anchor_seal = len(lines) + 1, seal
    save_head(head)
    return number


@transaction.atomic
def begin_anchors(*, reason: str, at: datetime) -> AccessLogEntry:
    """Begin a new file after lines were lost; that they were, how many and why stays an entry of the chain.

    What is left of the old file is kept beside it. Raises `DomainError` where no line is missing.
    """
    head, path = locked_head(), anchor_path()
    if path is None or head.pk is None:
        raise DomainError(_("This site keeps no anchors of the access log."))
    lines = _lines(path)
    if _holds_last(lines, head):
        raise DomainError(_("No anchor is missing: the file goes on as it is."))
    details = {
        "lines": head.anchors,
        "found": len(lines),
        "seal": bytes(head.anchor_seal).hex(),
        "reason": reason,
    }
    entry = record_access(
        actor=None, action=AccountAccess.ANCHORS_BEGUN, subject_kind="accessloghead", details=details, at=at
    )
    if path.exists():
        path.rename(path.with_suffix(f".{at.astimezone(UTC):%Y%m%dT%H%M%S%f}.lost"))
    head = locked_head()
    head.anchors, head.anchor_seal = 0, FIRST
    save_head(head)
    anchor_access_log(at=at)
    return entry


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _holds_last(lines: list[str], head: AccessLogHead) -> bool:
    """Whether the line that the head names is where it was written."""
    if not head.anchors:
        return True
    return len(lines) >= head.anchors and _seal_in(lines[head.anchors - 1]) == bytes(head.anchor_seal).hex()


def _seal_in(line: str) -> str:
    try:
        return str(json.loads(line)["seal"])
    except (ValueError, KeyError, TypeError):
        return ""


def _append(path: Path, line: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, f"{line}\n".encode())
        os.fsync(file)
    finally:
        os.close(file)
