"""The worker's sign of life.

Beat asks for the task and a worker carries it out, so it also says that the broker passes tasks on.
"""

import contextlib
from datetime import datetime

from django.core.cache import cache
from redis.exceptions import RedisError

# A worker with all its processes in long batches takes the next sign only after them.
STALE_SECONDS = 60.0
_KEY = "worker:heartbeat"
_KEPT_SECONDS = 24 * 3600


def keep_heartbeat(*, at: datetime) -> None:
    """Note that a worker is alive. The cache may be away: then nothing is kept."""
    with contextlib.suppress(RedisError, OSError):
        cache.set(_KEY, at, timeout=_KEPT_SECONDS)


def last_heartbeat() -> datetime | None:
    """Return when a worker was last alive, None where none is known. Raises what the cache raises."""
    found = cache.get(_KEY)
    return found if isinstance(found, datetime) else None
