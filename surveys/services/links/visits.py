"""Counts opened links in memory and writes them out of band.

Opening a link writes nothing that counts, and loss is allowed.

Two things give a machine away that follows the links of a message: it opens the one that no person sees, or
two different scores sooner than a customer changes their mind. Then the message's visits are quarantined:
none of them counts as a person's.
"""

import os
import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from surveys.services.responses.background import background
from surveys.services.responses.statements import SqlStatement, read_integer

# Past this many links waiting at once (a database away for
# long) further ones go uncounted rather than fill the memory.
MOST_WAITING = 20_000
# No one opens a message at another score so soon; scanners open all of them at once.
SCORES_WITHIN = timedelta(seconds=45)


@dataclass
class _Visits:
    first_at: datetime
    last_at: datetime
    count: int = 0
    last_score: int | None = None
    last_scored_at: datetime | None = None
    quarantined_at: datetime | None = None

    def add(self, *, at: datetime, score: int | None, is_machine: bool) -> None:
        """Add one visit."""
        self.last_at, self.count = max(self.last_at, at), self.count + 1
        if is_machine or (score is not None and self._is_another(score, at)):
            self.quarantined_at = self.quarantined_at or at
        if score is not None:
            self.last_score, self.last_scored_at = score, at

    def _is_another(self, score: int, at: datetime) -> bool:
        return (
            self.last_scored_at is not None
            and score != self.last_score
            and abs(at - self.last_scored_at) <= SCORES_WITHIN
        )


_lock = threading.Lock()
_waiting: dict[uuid.UUID, _Visits] = {}


def _forget_after_fork() -> None:
    # The parent writes what it has counted; its lock may be held by a thread that the child does not have.
    global _lock, _waiting
    _lock, _waiting = threading.Lock(), {}


os.register_at_fork(after_in_child=_forget_after_fork)


def count_visit(
    *, invitation_id: uuid.UUID, at: datetime, score: int | None = None, is_machine: bool = False
) -> None:
    """Remember one visit, of an address with a score or of the link that no person sees.

    Never waits for the database.
    """
    with _lock:
        visits = _waiting.get(invitation_id)
        if visits is None and len(_waiting) < MOST_WAITING:
            visits = _waiting[invitation_id] = _Visits(first_at=at, last_at=at)
        if visits is not None:
            visits.add(at=at, score=score, is_machine=is_machine)
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
        _array(visit.last_score for visit in visits),
        _array(visit.last_scored_at and visit.last_scored_at.isoformat() for visit in visits),
        _array(visit.quarantined_at and visit.quarantined_at.isoformat() for visit in visits),
        str(SCORES_WITHIN.total_seconds()),
    )


def _array(items: Iterable[object]) -> str:
    return f"{{{','.join('NULL' if item is None else str(item) for item in items)}}}"


# In the order of ids, so that two processes that count the same links do not wait for each
# other in a circle. What one process cannot see of two scores that came to two of them, or
# in two batches, shows here: a batch is of a second, so its last score stands for it.
_UPSERT = SqlStatement(
    "count_visits",
    """
WITH written AS (
    INSERT INTO surveys_linkvisit AS visit (invitation_id, first_at, last_at, count, last_score,
      last_scored_at, quarantined_at)
    SELECT s.*
    FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::int[], $5::smallint[],
      $6::timestamptz[], $7::timestamptz[])
        AS s (invitation_id, first_at, last_at, count, last_score, last_scored_at, quarantined_at)
    JOIN surveys_invitation i ON i.id = s.invitation_id
    ORDER BY s.invitation_id
    ON CONFLICT (invitation_id) DO UPDATE SET
        first_at = least(visit.first_at, excluded.first_at),
        last_at = greatest(visit.last_at, excluded.last_at),
        count = visit.count + excluded.count,
        last_score = coalesce(excluded.last_score, visit.last_score),
        last_scored_at = coalesce(excluded.last_scored_at, visit.last_scored_at),
        quarantined_at = coalesce(visit.quarantined_at, excluded.quarantined_at, CASE
            WHEN excluded.last_score <> visit.last_score
                AND abs(extract(epoch FROM excluded.last_scored_at - visit.last_scored_at)) <= $8::numeric
            THEN excluded.last_scored_at
        END)
    RETURNING 1
)
SELECT count(*) FROM written
""",
    returns=[read_integer],
)
