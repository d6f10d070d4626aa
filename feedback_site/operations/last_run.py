"""When the checks last ran and what they found, for operators.

Forgotten with the cache, and known again after the next run.
"""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from redis.exceptions import RedisError

RUNS = ("recent", "complete")
_KEPT_SECONDS = 3 * 24 * 3600


@dataclass(frozen=True, slots=True)
class LastRun:
    """One run: when, and the number of rows at fault by check."""

    at: datetime
    faults: dict[str, int]


def note_run(run: str, *, at: datetime, faults: Mapping[str, int]) -> None:
    """Keep how many rows each check found at fault. The cache may be away: then nothing is kept."""
    with contextlib.suppress(RedisError, OSError):
        # Plain values: what is kept stays readable when the code moves.
        cache.set(_key(run), {"at": at, "faults": dict(faults)}, timeout=_KEPT_SECONDS)


def last_run(run: str) -> LastRun | None:
    """Return the last run of a kind (see `RUNS`), None where none is known."""
    with contextlib.suppress(RedisError, OSError):
        found = cache.get(_key(run))
        return LastRun(**found) if isinstance(found, dict) else None
    return None


def _key(run: str) -> str:
    return f"conservation:last-run:{run}"
