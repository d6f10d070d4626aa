"""Counts opened links in memory and writes them out of band: opening a link writes nothing that counts, and loss is allowed."""

import os
import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from surveys.services.background import background
from surveys.services.statements import Statement, read_integer

# Past this many links waiting at once (a database away for long) further ones go uncounted rather than fill the memory.
MOST_WAITING = 20_000


@dataclass
class _Visits:
    first_at: datetime
    last_at: datetime
    count: int


_lock = threading.Lock()
_waiting: dict[uuid.UUID, _Visits] = {}


def _forget_after_fork() -> None:
    # The parent writes what it has counted; its lock may be held by a thread that the child does not have.
    global _lock, _waiting
    _lock, _waiting = threading.Lock(), {}


os.register_at_fork(after_in_child=_forget_after_fork)


def count_visit(*, invitation_id: uuid.UUID, at: datetime) -> None:
    """Remember one visit; never waits for the database."""
    with _lock:
        visits = _waiting.get(invitation_id)
        if visits is not None:
            visits.last_at, visits.count = max(visits.last_at, at), visits.count + 1
        elif len(_waiting) < MOST_WAITING:
            _waiting[invitation_id] = _Visits(first_at=at, last_at=at, count=1)
    background.ensure_running()


def flush_visits() -> None:
    """Write what has been counted so far, in one statement; what cannot be written is lost."""
    global _waiting
    with _lock:
        taken, _waiting = _waiting, {}
    if not taken:
        return
    visits = list(taken.values())
    _UPSERT.run(
        _array(taken),
        _array(visit.first_at.isoformat() for visit in visits),
        _array(visit.last_at.isoformat() for visit in visits),
        _array(visit.count for visit in visits),
    )


def _array(items: Iterable[object]) -> str:
    return f"{{{','.join(map(str, items))}}}"


# In the order of ids, so that two processes that count the same links do not wait for each other in a circle.
_UPSERT = Statement(
    "count_visits",
    """
WITH written AS (
    INSERT INTO surveys_linkvisit AS visit (invitation_id, first_at, last_at, count)
    SELECT s.* FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::int[])
        AS s (invitation_id, first_at, last_at, count)
    JOIN surveys_invitation i ON i.id = s.invitation_id
    ORDER BY s.invitation_id
    ON CONFLICT (invitation_id) DO UPDATE SET
        first_at = least(visit.first_at, excluded.first_at),
        last_at = greatest(visit.last_at, excluded.last_at),
        count = visit.count + excluded.count
    RETURNING 1
)
SELECT count(*) FROM written
""",
    returns=[read_integer],
)
