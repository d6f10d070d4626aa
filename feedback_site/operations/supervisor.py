"""A small supervisor: starts processes, passes on what they say, restarts what crashed, stops all.

Children have process groups of their own, so Ctrl-C reaches them through the supervisor only, and
a guard ends them when the supervisor itself is killed.
"""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any, Self

from feedback_site.operations import process_guard

PROJECT_ROOT = Path(__file__).resolve().parents[2]
GRACE_SECONDS = 10.0
# A process that ran this long was healthy: its next crash starts the backoff again from its start.
HEALTHY_SECONDS = 30.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
CRASHES_IN_A_ROW = 6
_POLL_SECONDS = 0.1
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """What to run: a name for its lines of output, the command, variables beside our own."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = PROJECT_ROOT


@dataclass
class _Child:
    spec: ProcessSpec
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    next_start_at: float = 0.0
    crashes: int = 0
    unfinished_line: bytes = b""


class Supervisor:
    """Runs a set of processes as one. Not for threads: one loop does it all.

    With `log_dir` each process writes `<log_dir>/<name>.log`, else its lines go to our own output
    with the name in front. `run()` is the usual entry; `start()`, `step()` and `stop()` are its
    parts, for a caller with something of its own to do in between.
    """

    def __init__(
        self,
        specs: Sequence[ProcessSpec],
        *,
        log_dir: Path | None = None,
        grace: float = GRACE_SECONDS,
        first_pause: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        """Prepare without starting anything."""
        self._children = [_Child(spec) for spec in specs]
        self._log_dir = log_dir
        self._grace = grace
        self._first_pause = first_pause
        self._selector = selectors.DefaultSelector()
        self._guard: subprocess.Popen[bytes] | None = None
        self._stops_asked = 0
        self._status = 0
        self._width = max((len(spec.name) for spec in specs), default=0)

    def __enter__(self) -> Self:
        """Start everything."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop everything."""
        self.stop()

    @property
    def is_stopping(self) -> bool:
        """True once a signal or `ask_to_stop` wants the end, or a process cannot be kept up."""
        return self._stops_asked > 0

    def ask_to_stop(self) -> None:
        """Make `run()` return soon; asking twice skips the grace period."""
        self._stops_asked += 1

    def run(self, *, when_started: Callable[[], None] | None = None) -> int:
        """Run until INT or TERM, or until a process keeps crashing.

        Returns 0 when asked to stop, 1 when a process could not be kept running.
        """
        with self._signals(), self:
            if when_started:
                when_started()
            while not self.is_stopping:
                self.step()
        return self._status

    def start(self) -> None:
        """Start the guard and every process."""
        if self._log_dir:
            self._log_dir.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-S", "-E", process_guard.__file__, str(self._grace)]
        self._guard = subprocess.Popen(  # noqa: S603 - our own script
            command,
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            for child in self._children:
                self._start(child)
        except BaseException:
            self.stop()
            raise

    def step(self, *, seconds: float = _POLL_SECONDS) -> None:
        """Wait up to `seconds` for output; restart what crashed and has waited long enough."""
        self._pass_on_output(seconds)
        for child in self._children:
            if child.process is not None:
                if child.process.poll() is not None:
                    self._note_crash(child)
            elif not self.is_stopping and time.monotonic() >= child.next_start_at:
                self._start(child)

    def stop(self) -> None:
        """Ask every process to end, kill what has not after the grace period."""
        for child in self._children:
            if child.process is not None and child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + self._grace
        asked = self._stops_asked
        while self._is_any_running() and time.monotonic() < deadline:
            if self._stops_asked > max(asked, 1):
                break
            self._pass_on_output(_POLL_SECONDS)
        for child in self._children:
            self._reap(child)
        self._dismiss_guard()
        self._selector.close()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def ask(_number: int, _frame: FrameType | None) -> None:
            self.ask_to_stop()

        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before: list[Any] = [signal.signal(number, ask) for number in numbers]
        try:
            yield
        finally:
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)

    def _start(self, child: _Child) -> None:
        output: int | IO[bytes] = subprocess.PIPE
        if self._log_dir:
            output = (self._log_dir / f"{child.spec.name}.log").open("ab")
        child.process = subprocess.Popen(  # noqa: S603 - commands are written in code
            list(child.spec.argv),
            cwd=child.spec.cwd,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **child.spec.env},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._tell_guard(f"+{child.process.pid}")
        child.started_at = time.monotonic()
        if not isinstance(output, int):
            output.close()
        if child.process.stdout is not None:
            os.set_blocking(child.process.stdout.fileno(), False)
            self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _note_crash(self, child: _Child) -> None:
        process = child.process
        if process is None:
            return
        now = time.monotonic()
        healthy = now - child.started_at >= HEALTHY_SECONDS
        child.crashes = 1 if healthy else child.crashes + 1
        pause = min(self._first_pause * 2 ** (child.crashes - 1), LONGEST_PAUSE_SECONDS)
        child.next_start_at = now + pause
        self._reap(child)
        if child.crashes >= CRASHES_IN_A_ROW:
            self._say(child, f"ended {child.crashes} times in a row, giving up")
            self._status = 1
            self.ask_to_stop()
        else:
            self._say(child, f"ended with {process.returncode}, again in {pause:g} s")

    def _reap(self, child: _Child) -> None:
        """End what is left of the group, read the last words, collect the status."""
        process, child.process = child.process, None
        if process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._tell_guard(f"-{process.pid}")
        if process.stdout is not None:
            self._read(process.stdout, child)
            if child.unfinished_line:
                self._say(child, child.unfinished_line.decode(errors="replace"))
                child.unfinished_line = b""
            with suppress(KeyError):
                self._selector.unregister(process.stdout)
            process.stdout.close()

    def _is_any_running(self) -> bool:
        return any(child.process and child.process.poll() is None for child in self._children)

    def _pass_on_output(self, seconds: float) -> None:
        if not self._selector.get_map():
            time.sleep(seconds)
            return
        for key, _events in self._selector.select(seconds):
            stream: IO[bytes] = key.fileobj  # type: ignore[assignment]  # only pipes are registered
            self._read(stream, key.data)

    def _read(self, stream: IO[bytes], child: _Child) -> None:
        try:
            while chunk := os.read(stream.fileno(), _CHUNK):
                *lines, child.unfinished_line = (child.unfinished_line + chunk).split(b"\n")
                for line in lines:
                    self._say(child, line.decode(errors="replace"))
        except BlockingIOError:
            return
        with suppress(KeyError):
            self._selector.unregister(stream)

    def _say(self, child: _Child, line: str) -> None:
        # Our reader may be gone (`make up | head`); the processes go on until they are stopped.
        with suppress(BrokenPipeError):
            sys.stdout.write(f"{child.spec.name:<{self._width}} | {line}\n")
            sys.stdout.flush()

    def _tell_guard(self, line: str) -> None:
        if self._guard is None or self._guard.stdin is None:
            return
        with suppress(BrokenPipeError):
            self._guard.stdin.write(f"{line}\n".encode())
            self._guard.stdin.flush()

    def _dismiss_guard(self) -> None:
        if self._guard is None or self._guard.stdin is None:
            return
        with suppress(BrokenPipeError):
            self._guard.stdin.close()
        self._guard.wait()
        self._guard = None
