"""File locks that the kernel lets go of, however a process ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class UseLock:
    """Held shared by every process that uses the servers of one data folder."""

    def __init__(self, file: Path) -> None:
        """Open `file` without locking it yet."""
        self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def share(self) -> None:
        """Become one of the users."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def is_alone(self) -> bool:
        """Tell whether no other person holds the lock; if so it is now held exclusively.

        The caller must hold the start lock: for an instant this lock is not held at all.
        """
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Stop being a user."""
        os.close(self._descriptor)


@contextmanager
def start_lock(file: Path) -> Iterator[None]:
    """Serialise starting and stopping: one process at a time, the others wait."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
