"""When the checks last ran and what they found, for operators;
forgotten with the cache, and known again after the next run.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from redis.exceptions import RedisError

from config.conservation.running import CheckResult

RUNS = ("recent", "complete")
_KEPT_SECONDS = 3 * 24 * 3600


@dataclass(frozen=True, slots=True)
class LastRun:
    """One run: when, and the number of rows at fault by check."""

    at: datetime
    faults: dict[str, int]


def note_run(run: str, *, at: datetime, results: Sequence[CheckResult]) -> None:
    """Keep what a run found. The cache may be away: then nothing is kept."""
    found = LastRun(at, {result.check.slug: result.fault_count for result in results})
    with contextlib.suppress(RedisError, OSError):
        cache.set(_key(run), found, timeout=_KEPT_SECONDS)


def last_run(run: str) -> LastRun | None:
    """Return the last run of a kind (see `RUNS`), None where none is known."""
    with contextlib.suppress(RedisError, OSError):
        found = cache.get(_key(run))
        return found if isinstance(found, LastRun) else None
    return None


def _key(run: str) -> str:
    return f"conservation:{run}"
