"""Recognises server processes by their command line, so that a reused pid is not taken for them."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

_PROC = Path("/proc/self/cmdline")


def command_line(pid: int) -> list[str]:
    """Return the arguments `pid` was started with; empty when there is no live process.

    `/proc/<pid>/cmdline` is readable across accounts even where a container withholds ptrace,
    unlike `cwd` and `exe`; a zombie's is empty.
    """
    if pid <= 0:
        return []
    if _PROC.exists():
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return []
        return [os.fsdecode(part) for part in raw.split(b"\0") if part]
    listed = subprocess.run(  # noqa: S603 - programs of the servers, or of every Unix
        ["ps", "-ww", "-o", "command=", "-p", str(pid)],  # noqa: S607 - every Unix has ps
        capture_output=True,
        text=True,
        check=False,
    )
    return listed.stdout.split()


def is_server(pid: int, *, programs: Sequence[str], folder: Path) -> bool:
    """Tell whether `pid` is one of `programs` working on `folder`."""
    arguments = command_line(pid)
    if not arguments or Path(arguments[0]).name not in programs:
        return False
    # `ps` does not tell where an argument with a space in it ends, so whole words are compared.
    return f" {folder} " in f" {' '.join(arguments[1:])} "


def read_pid(file: Path) -> int:
    """Return the pid on the first line of `file`, 0 when there is none."""
    try:
        return abs(int(file.read_text().split("\n", 1)[0]))
    except (OSError, ValueError):
        return 0


def send_signal(pid: int, number: signal.Signals) -> None:
    """Signal `pid`, which may have ended in the meantime."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Poll `condition` until it holds or `seconds` have passed; return whether it held."""
    end = time.monotonic() + seconds
    pause = 0.01
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)
    return True


def tail(file: Path, *, lines: int = 15) -> str:
    """Return the last lines of a log for an error message."""
    try:
        return "\n".join(file.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
