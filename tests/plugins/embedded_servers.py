"""Gives a test run servers of its own when none are configured, and a place of its own on them.

Loaded with `-p`, so before pytest-django reads the settings. The addresses are known without a
server, so they are exported here; the servers start when the session does, in the controller
only. Several runs share one pair of servers: each claims a slot, that is a database name and
sixteen of Valkey's databases.
"""

import fcntl
import os
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import redis

from feedback_site.embedded import needed_servers, running_servers
from feedback_site.embedded.layout import layout_of, make_data_dir
from feedback_site.embedded.postgres_folder import settle_postgres_folder
from feedback_site.embedded.servers import TEST_FOLDER
from feedback_site.embedded.urls import database_url, redis_url

pytest_plugins = ("tests.plugins.complete_runs", "tests.plugins.short_names")
SLOTS = 16
DATABASES_PER_SLOT = 16


def pytest_addoption() -> None:
    """Export the addresses: the first hook of all, before any settings are read."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        _take_redis_database_of(worker)
    else:
        _run.export_addresses()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the servers unless the session only lists tests."""
    if not session.config.option.collectonly:
        _run.start()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the servers when no other run uses them."""
    _run.stop()


class _Run:
    """A run's share of the servers; empty in xdist's workers and where addresses are set."""

    def __init__(self) -> None:
        self._exits = ExitStack()
        self._data_dir = layout_of().data_dir / TEST_FOLDER
        self._kinds = needed_servers()
        self._slot: int | None = None

    def export_addresses(self) -> None:
        if not self._kinds or self._slot is not None:
            return
        self._slot = self._claim_slot()
        settle_postgres_folder(self._data_dir)
        if "postgres" in self._kinds:
            name = f"feedback_run{self._slot}"
            os.environ["DATABASE_URL"] = database_url(self._data_dir, name=name)
        if "valkey" in self._kinds:
            first = self._slot * DATABASES_PER_SLOT
            os.environ["REDIS_URL"] = redis_url(self._data_dir, database=first)

    def start(self) -> None:
        if self._slot is None:
            return
        self._exits.enter_context(
            running_servers(self._data_dir, kinds=self._kinds, durable=False),
        )
        if "valkey" in self._kinds:
            self._empty_databases(self._slot)

    def stop(self) -> None:
        self._exits.close()

    def _claim_slot(self) -> int:
        folder = self._data_dir / "slots"
        make_data_dir(folder)
        for slot in range(SLOTS):
            if self._has_locked(folder / f"{slot}.lock"):
                return slot
        message = f"{SLOTS} test runs use {self._data_dir} already."
        raise pytest.UsageError(message)

    def _has_locked(self, file: Path) -> bool:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._exits.callback(os.close, descriptor)
        return True

    def _empty_databases(self, slot: int) -> None:
        for offset in range(DATABASES_PER_SLOT):
            address = redis_url(self._data_dir, database=slot * DATABASES_PER_SLOT + offset)
            with redis.Redis.from_url(address) as client:
                client.flushdb()


_run = _Run()


def _take_redis_database_of(worker: str) -> None:
    """Give each xdist worker a Valkey database of its own, next to the controller's."""
    address, _, options = os.environ.get("REDIS_URL", "").partition("?")
    if not address:
        return
    query = dict(parse_qsl(options))
    path = "" if address.startswith("unix://") else urlsplit(address).path.strip("/")
    offset = 1 + int(worker.removeprefix("gw")) % (DATABASES_PER_SLOT - 1)
    query["db"] = str(int(query.get("db") or path or 0) + offset)
    os.environ["REDIS_URL"] = f"{address}?{urlencode(query)}"
