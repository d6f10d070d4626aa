"""Shared use of the embedded servers: the first user starts them, the last one stops them."""

import atexit
import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Literal

from feedback_site.embedded import urls
from feedback_site.embedded.exceptions import ServersInUse
from feedback_site.embedded.layout import MARKER, PROJECT_ROOT, DataLayout, layout_of, make_data_dir
from feedback_site.embedded.locks import UseLock, start_lock
from feedback_site.embedded.postgres import Postgres
from feedback_site.embedded.postgres_folder import remove_postgres_folder, settle_postgres_folder
from feedback_site.embedded.valkey import Valkey

Kind = Literal["postgres", "valkey"]
BOTH: frozenset[Kind] = frozenset({"postgres", "valkey"})
_VARIABLES: dict[Kind, str] = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}

_START_LOCK = "start.lock"
_USE_LOCK = "servers.lock"
TEST_FOLDER = "test"
_KEPT = {_START_LOCK, _USE_LOCK, MARKER, TEST_FOLDER}


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the running servers are reached."""

    data_dir: Path
    database_url: str
    redis_url: str
    celery_broker_url: str


def needed_servers(environ: Mapping[str, str] | None = None) -> frozenset[Kind]:
    """Return which servers have no address in the environment (`NAME` or `NAME_FILE`)."""
    given = os.environ if environ is None else environ
    return frozenset(
        kind
        for kind, variable in _VARIABLES.items()
        if not any(given.get(name) for name in (variable, f"{variable}_FILE"))
    )


@contextmanager
def running_servers(
    data_dir: Path | str | None = None,
    *,
    kinds: frozenset[Kind] = BOTH,
    durable: bool = True,
) -> Iterator[Servers]:
    """Keep the servers of `data_dir` running for the length of a `with` block.

    Processes share them; the last one to leave stops them. `durable=False` is for tests: it
    switches fsync off, while commits are still synchronous.

    Raises EmbeddedServersUnavailable with what to do about it.
    """
    use = _enter(layout_of(data_dir), kinds=kinds, durable=durable)
    try:
        yield use.servers
    finally:
        use.leave()


def ensure_servers(
    data_dir: Path | str | None = None,
    *,
    kinds: frozenset[Kind] | None = None,
) -> Servers | None:
    """Keep the servers running until this process ends; None when both have an address.

    TERM and HUP end the process as Ctrl-C does, so that leaving is not forgotten.
    """
    wanted = needed_servers() if kinds is None else kinds
    if not wanted:
        return None
    use = _enter(layout_of(data_dir), kinds=wanted, durable=True)
    atexit.register(use.leave)
    end_on_signals()
    return use.servers


def remove_data(data_dir: Path | str | None = None) -> Path:
    """Delete all data in a data folder (a test run's apart) and return the folder.

    Raises ServersInUse while a process uses it, and for a folder that this project did not make.
    """
    layout = layout_of(data_dir)
    if not layout.data_dir.exists():
        return layout.data_dir
    if not (layout.data_dir / MARKER).exists() and layout.data_dir != PROJECT_ROOT / ".local":
        message = f"{layout.data_dir} existed before this project used it; remove it yourself."
        raise ServersInUse(message)
    with start_lock(_start_lock_file(layout)), closing(UseLock(_use_lock_file(layout))) as lock:
        if not lock.is_alone():
            message = f"The servers in {layout.data_dir} are in use. Stop what uses them first."
            raise ServersInUse(message)
        _stop(layout)
        _remove(layout)
    return layout.data_dir


class _Use:
    """One process's share in the servers."""

    def __init__(self, layout: DataLayout, lock: UseLock) -> None:
        self._layout = layout
        self._lock: UseLock | None = lock
        self._owner = os.getpid()
        self.servers = Servers(
            data_dir=layout.data_dir,
            database_url=urls.database_url(layout.data_dir),
            redis_url=urls.redis_url(layout.data_dir),
            celery_broker_url=urls.celery_broker_url(urls.redis_url(layout.data_dir)),
        )

    def leave(self) -> None:
        """Give the share back; stop the servers when it was the last."""
        # A forked child inherits this object, and the lock's file description with it.
        if self._lock is None or os.getpid() != self._owner:
            return
        lock, self._lock = self._lock, None
        with start_lock(_start_lock_file(self._layout)):
            try:
                if lock.is_alone():
                    _stop(self._layout)
            finally:
                lock.close()


def _enter(layout: DataLayout, *, kinds: frozenset[Kind], durable: bool) -> _Use:
    make_data_dir(layout.data_dir)
    settle_postgres_folder(layout.data_dir)
    with start_lock(_start_lock_file(layout)):
        lock = UseLock(_use_lock_file(layout))
        try:
            alone = lock.is_alone()
            if "postgres" in kinds:
                _say_where(layout)
                Postgres(layout, durable=durable).start(alone=alone)
            if "valkey" in kinds:
                Valkey(layout, durable=durable).start()
            lock.share()
        except BaseException:
            if lock.is_alone():
                _stop(layout)
            lock.close()
            raise
    return _Use(layout, lock)


def _say_where(layout: DataLayout) -> None:
    """State in one line, before PostgreSQL starts, that its files lie outside the data folder."""
    if layout.postgres.parent != layout.data_dir and not Postgres(layout).pid:
        sys.stderr.write(
            f"PostgreSQL keeps its files in {layout.postgres}: its account cannot enter {layout.data_dir}.\n"
        )
        sys.stderr.flush()


def _stop(layout: DataLayout) -> None:
    Valkey(layout).stop()
    Postgres(layout).stop()


def _remove(layout: DataLayout) -> None:
    sockets = (layout.postgres_sockets, layout.valkey_sockets)
    remove_postgres_folder(layout.data_dir)
    for entry in layout.data_dir.iterdir():
        if entry.name in _KEPT:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    for folder in sockets:
        shutil.rmtree(folder, ignore_errors=True)


def _start_lock_file(layout: DataLayout) -> Path:
    return layout.data_dir / _START_LOCK


def _use_lock_file(layout: DataLayout) -> Path:
    return layout.data_dir / _USE_LOCK


def end_on_signals() -> None:
    """Let TERM and HUP end this process as Ctrl-C does: by way of its `finally` blocks."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        with suppress(ValueError):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _exit)


def _exit(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)
