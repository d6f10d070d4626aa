"""A site of the benchmark's own: fresh data, durable servers, the production web server and real workers."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from feedback_site.demo.http import TransportError, send
from feedback_site.demo.ports import HOST
from feedback_site.embedded import running_servers
from feedback_site.embedded.layout import make_data_dir
from feedback_site.operations.processes import prepare_site
from feedback_site.operations.supervisor import ProcessSpec

_READY_SECONDS, _STOP_SECONDS = 60.0, 15.0
_OWN = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL")


def fresh_data_dir() -> Path:
    """Make an empty data folder and point this process and its children at it.

    Comes before Django is set up.
    """
    folder = Path(tempfile.gettempdir()).resolve() / f"feedback-bench-{os.getpid()}"
    make_data_dir(folder)
    for name in _OWN:
        os.environ.pop(name, None)
    os.environ["DATA_DIR"] = str(folder)
    os.environ["LOG_LEVEL"] = "WARNING"
    return folder


@contextmanager
def prepared_site(data_dir: Path) -> Iterator[None]:
    """Keep durable servers with a migrated database for the block; the folder is removed after it."""
    try:
        with running_servers(data_dir, durable=True):
            prepare_site()
            yield
    finally:
        shutil.rmtree(data_dir, ignore_errors=True)


class Running:
    """Processes of the site, each the leader of a group.

    So a server's workers are counted and ended with it.
    """

    def __init__(self, specs: Sequence[ProcessSpec], *, log_dir: Path) -> None:
        log_dir.mkdir(exist_ok=True)
        self._processes = {spec.name: _start(spec, log_dir) for spec in specs}

    def cpu_seconds(self, name: str) -> float:
        """Return the CPU time that a process and its children have used so far."""
        return cpu_of_group(self._processes[name].pid)

    def stop(self) -> None:
        """End them, politely first."""
        for process in self._processes.values():
            process.terminate()
        deadline = time.monotonic() + _STOP_SECONDS
        for process in self._processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def running(*specs: ProcessSpec, log_dir: Path) -> Iterator[Running]:
    """Run processes for the block."""
    processes = Running(specs, log_dir=log_dir)
    try:
        yield processes
    finally:
        processes.stop()


def _start(spec: ProcessSpec, log_dir: Path) -> subprocess.Popen[bytes]:
    with (log_dir / f"{spec.name}.log").open("ab") as log:
        return subprocess.Popen(
            list(spec.argv),
            cwd=spec.cwd,
            env={**os.environ, **spec.env},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def cpu_of_group(group: int) -> float:
    """Return user and system seconds of all processes of a process group that are alive."""
    return sum(_cpu(stat) for stat in _stats() if int(stat[2]) == group)


def cpu_of_children(parent: int) -> float:
    """Return user and system seconds of a process and its direct children, ended ones included.

    PostgreSQL and its backends.
    """
    own = sum(_cpu(stat) + _cpu(stat[2:]) for stat in _stats(parent))
    return own + sum(_cpu(stat) for stat in _stats() if int(stat[1]) == parent)


def _stats(pid: int | None = None) -> Iterator[list[str]]:
    """Yield the fields of `/proc/PID/stat` from the state on."""
    folders = (
        [Path(f"/proc/{pid}")]
        if pid
        else [entry for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    )
    for folder in folders:
        with suppress(OSError):
            yield (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()


def _cpu(stat: list[str]) -> float:
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def await_healthy(port: int) -> None:
    """Wait until the web server answers."""
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        try:
            if send(f"http://{HOST}:{port}/health/", timeout=2).is_ok:
                return
        except TransportError:
            time.sleep(0.1)
    message = "The web server does not answer."
    raise TimeoutError(message)
