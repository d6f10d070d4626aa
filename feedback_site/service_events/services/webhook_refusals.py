"""Logging refused webhooks: how many, of which source, and nothing that was sent."""

import threading
import time

import structlog

logger = structlog.get_logger(__name__)

# A sender that hammers the address must not fill the disk: one line per
# source and this many seconds, with the number since the last.
EVERY_SECONDS = 10.0


class RefusalLog:
    """Counts refusals of this process by the source's id; safe for threads."""

    def __init__(self, *, every_seconds: float = EVERY_SECONDS) -> None:
        self._every = every_seconds
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}
        self._logged_at: dict[str, float] = {}

    def note(self, source: str) -> None:
        """Count one refusal of a known source, or of `""` for all unknown ones.

        The name of an unknown source is what its sender typed.
        """
        now = time.monotonic()
        with self._lock:
            self._counts[source] = self._counts.get(source, 0) + 1
            if now - self._logged_at.get(source, -self._every) < self._every:
                return
            count, self._logged_at[source] = self._counts.pop(source), now
        logger.warning("webhooks_refused", source_id=source or "unknown", count=count)


refusals = RefusalLog()
