"""Files of a sink: complete or absent, newest last by name."""

import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

_NANOSECONDS = 1_000_000_000


class SinkFolder:
    """Writes files named `<UTC time to the nanosecond>-<key>.<ending>`.

    Safe for several threads of one process.
    """

    def __init__(self, path: Path, *, ending: str) -> None:
        """Make the folder if it is not there."""
        self.path = path
        self._ending = ending
        self._lock = threading.Lock()
        self._last = 0
        path.mkdir(parents=True, exist_ok=True)

    def write(self, *, key: str, content: bytes) -> Path:
        """Write one file and return its path. A reader sees all of it or nothing."""
        target = self.path / f"{self._stamp()}-{key}.{self._ending}"
        unfinished = target.with_suffix(".part")
        unfinished.write_bytes(content)
        os.replace(unfinished, target)  # noqa: PTH105 - the atomic one, whose name says so
        return target

    def keys(self) -> set[str]:
        """Return the keys of the files that are there."""
        return {path.stem.partition("-")[2] for path in self.path.glob(f"*.{self._ending}")}

    def _stamp(self) -> str:
        with self._lock:
            self._last = max(time.time_ns(), self._last + 1)
            seconds, fraction = divmod(self._last, _NANOSECONDS)
        return f"{datetime.fromtimestamp(seconds, tz=UTC):%Y%m%dT%H%M%S}.{fraction:09}Z"
