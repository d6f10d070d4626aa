"""Keeps the processes of a site up.

Each leads a group of its own, and whatever ends is started again, a person who ended it.
"""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from feedback_site.operations.supervisor import ProcessSpec
from tests.chaos.guard import Guard

STOP_SECONDS = 8.0
WATCH_SECONDS = 0.05
# As the product's own supervisor does after a first crash.
PAUSE_SECONDS = 0.5


@dataclass
class _Member:
    spec: ProcessSpec
    process: subprocess.Popen | None = None
    pids: list[int] = field(default_factory=list)
    start_at: float = 0.0


class Supervisor:
    """Safe to use from several threads. A guard ends the groups when the harness itself is killed."""

    def __init__(self, log_dir: Path) -> None:
        log_dir.mkdir(parents=True, exist_ok=True)
        self._log_dir = log_dir
        self._members: dict[str, _Member] = {}
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._guard = Guard()
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._watcher.start()

    def start(self, spec: ProcessSpec) -> None:
        """Start a process and keep it up until it is stopped."""
        with self._lock:
            self._members[spec.name] = member = _Member(spec)
            self._launch(member)

    def stop(self, name: str) -> None:
        """End a process for good, politely first."""
        with self._lock:
            member = self._members.pop(name)
        _end([member])
        self._guard.forget(member.pids[-1])

    def stop_all(self) -> None:
        """End everything."""
        self._over.set()
        self._watcher.join()
        members = [member for member in self._members.values() if member.process]
        _end(members)
        for member in members:
            self._guard.forget(member.pids[-1])
        self._guard.dismiss()

    def pids(self, name: str) -> list[int]:
        """Return the leaders a process has had so far, the present one last."""
        return list(self._members[name].pids)

    def workers_of(self, name: str) -> list[int]:
        """Return the children of a process: a web server's workers, a task worker's pool."""
        return children_of(self.pids(name)[-1])

    def kill(self, name: str) -> int:
        """End a whole group without a word and return who led it."""
        return self.signal(name, signal.SIGKILL)

    def freeze(self, name: str) -> int:
        """Stop a whole group in the middle of whatever it does and return who leads it."""
        return self.signal(name, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let a frozen group go on.

        The workers first, so that no one tells them what they missed before they have written.
        """
        for pid in self.workers_of(name):
            send(pid, signal.SIGCONT)
        time.sleep(0.5)
        self.signal(name, signal.SIGCONT)

    def signal(self, name: str, number: signal.Signals) -> int:
        pid = self.pids(name)[-1]
        with suppress(ProcessLookupError):
            os.killpg(pid, number)
        return pid

    def _watch(self) -> None:
        while not self._over.wait(WATCH_SECONDS):
            with self._lock:
                for member in self._members.values():
                    self._look_after(member)

    def _look_after(self, member: _Member) -> None:
        if member.process is None:
            if time.monotonic() >= member.start_at:
                self._launch(member)
        elif member.process.poll() is not None:
            # What the leader left behind must not keep its port.
            with suppress(ProcessLookupError):
                os.killpg(member.pids[-1], signal.SIGKILL)
            self._guard.forget(member.pids[-1])
            member.process, member.start_at = None, time.monotonic() + PAUSE_SECONDS

    def _launch(self, member: _Member) -> None:
        with (self._log_dir / f"{member.spec.name}.log").open("ab") as log:
            member.process = subprocess.Popen(
                list(member.spec.argv),
                cwd=member.spec.cwd,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **member.spec.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        member.pids.append(member.process.pid)
        self._guard.watch(member.process.pid)


def _end(members: list[_Member]) -> None:
    processes = [member.process for member in members if member.process]
    for process in processes:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGCONT)
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def children_of(parent: int) -> list[int]:
    """Return the pids of the direct children of a process that are alive."""
    stats = (
        (int(entry.name), stat_of(int(entry.name)))
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit()
    )
    children = [(pid, stat[0]) for pid, stat in stats if stat[1:2] == [str(parent)]]
    return sorted(pid for pid, state in children if state != "Z")


def stat_of(pid: int) -> list[str]:
    """Return the fields of `/proc/PID/stat` from the state on; empty when there is no such process."""
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return []


def is_alive(pid: int) -> bool:
    stat = stat_of(pid)
    return bool(stat) and stat[0] != "Z"


def is_frozen(pid: int) -> bool:
    stat = stat_of(pid)
    return bool(stat) and stat[0] == "T"


def send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
