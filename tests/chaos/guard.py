"""Ends what was started when a person who started it is killed.

The product's own guard, told about groups over a pipe.
"""

import subprocess
import sys
from contextlib import suppress

from feedback_site.operations import process_guard

GRACE_SECONDS = 20


class Guard:
    """Told of each group that starts and ends."""

    def __init__(self) -> None:
        command = [sys.executable, "-S", "-E", process_guard.__file__, str(GRACE_SECONDS)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)

    def watch(self, group: int) -> None:
        self._tell(f"+{group}")

    def forget(self, group: int) -> None:
        self._tell(f"-{group}")

    def dismiss(self) -> None:
        if self._process.stdin:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        if self._process.stdin:
            with suppress(BrokenPipeError):
                self._process.stdin.write(f"{line}\n".encode())
                self._process.stdin.flush()
