"""What was done and what came of it, line by line as it happens."""

import sys
import time


class CheckFailedError(Exception):
    """The product did not do what it promises."""


class Transcript:
    """Prints steps with the seconds since the start; a check that fails ends the walk."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self.checks = 0

    def step(self, text: str) -> None:
        self._print(f"\n[{time.monotonic() - self._started:6.1f} s] {text}")

    def command(self, text: str) -> None:
        self._print(f"  $ {text}")

    def note(self, text: str) -> None:
        for line in text.splitlines():
            self._print(f"    {line}")

    def check(self, *, holds: bool, text: str) -> None:
        self._print(f"  {'ok  ' if holds else 'FAIL'} {text}")
        if not holds:
            raise CheckFailedError(text)
        self.checks += 1

    def _print(self, text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
