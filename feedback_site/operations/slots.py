"""Slots: how many requests work at a time, how many may wait for that, and how long one may take.

A slot is a connection to the database that one request borrows, so connections do not grow with the
server's threads. When all are taken some requests wait for one and the rest are refused at once: a
refusal that comes quickly is one that people can act upon. A watchdog cuts the connection of a request
that is over its deadline, so that a database which says nothing at all holds no thread for longer.
"""

import math
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import OperationalError

# Customers' requests in one process: more only queue for the GIL, fewer make smaller batches of answers.
CUSTOMERS_AT_WORK, CUSTOMERS_WAITING = 12, 88
DEADLINE_SECONDS = 5.0
# Waiting for a slot and connecting stay within the deadline together.
SLOT_SECONDS, CONNECT_SECONDS = 1.5, 3
# What PostgreSQL itself gives up, before we give up on PostgreSQL.
STATEMENT_MILLISECONDS, LOCK_MILLISECONDS, UNACKNOWLEDGED_MILLISECONDS = 4000, 3000, 4000
_WATCH_SECONDS = 0.1


class NoSlot(Exception):  # noqa: N818 - it names what is missing
    """All slots are taken, and enough requests wait for one, or this one has waited for long enough."""


class Slot:
    """One connection, lent to one request at a time."""

    def __init__(self, database: BaseDatabaseWrapper) -> None:
        # The threads that borrow it pass it on.
        database.inc_thread_sharing()
        self.database = database
        self._until = 0.0
        self._lock = threading.Lock()

    def begin(self, *, until: float) -> None:
        """Lend it until a moment of `time.monotonic()`."""
        self._until = until

    def end(self) -> None:
        """Take it back. A watchdog that is about to cut it comes first."""
        with self._lock:
            self._until = 0.0

    def cut_if_overdue(self, now: float) -> None:
        """Shut the connection's socket.

        The thread that waits for the database reads the end of it and goes on.
        """
        with self._lock:
            if not 0.0 < self._until < now:
                return
            self._until = 0.0
            raw = self.database.connection
            if raw is not None:
                # The borrower may be closing it at this very moment.
                with (
                    suppress(OSError, OperationalError),
                    socket.socket(fileno=os.dup(raw.fileno())) as doubled,
                ):
                    doubled.shutdown(socket.SHUT_RDWR)


class Slots:
    """A fixed number of slots in this process. Nothing connects before the first request does."""

    def __init__(
        self, *, most: int, most_waiting: int, make_database: Callable[[], BaseDatabaseWrapper]
    ) -> None:
        self.most_threads = most + most_waiting
        self._all = [Slot(make_database()) for _ in range(most)]
        self._free: SimpleQueue[Slot] = SimpleQueue()
        for slot in self._all:
            self._free.put(slot)
        self._queue = threading.BoundedSemaphore(most_waiting)
        self._lock = threading.Lock()
        self._watchdog: threading.Thread | None = None

    def take(self, *, until: float = math.inf) -> "_Loan":
        """Make a slot's connection the thread's own for the block, cut at `until`.

        `until` is a moment of `time.monotonic()`. Raises NoSlot.
        """
        return _Loan(self, until)

    def lend(self, *, until: float) -> Slot:
        """Find a free slot, or wait for one. Raises NoSlot."""
        self._ensure_watched()
        slot = self._find()
        slot.begin(until=until)
        return slot

    def take_back(self, slot: Slot) -> None:
        """Let the next one have it."""
        slot.end()
        self._free.put(slot)

    def _find(self) -> Slot:
        with suppress(Empty):
            return self._free.get_nowait()
        if not self._queue.acquire(blocking=False):
            raise NoSlot
        try:
            return self._free.get(timeout=SLOT_SECONDS)
        except Empty as error:
            raise NoSlot from error
        finally:
            self._queue.release()

    def _ensure_watched(self) -> None:
        if self._watchdog is None:
            with self._lock:
                if self._watchdog is None:
                    self._watchdog = threading.Thread(
                        target=self._watch, name="answer-path-watchdog", daemon=True
                    )
                    self._watchdog.start()

    def _watch(self) -> None:
        while True:
            time.sleep(_WATCH_SECONDS)
            now = time.monotonic()
            for slot in self._all:
                slot.cut_if_overdue(now)


class _Loan:
    """A block with a slot: a class, since a generator costs each request more than the slot does."""

    __slots__ = ("_own", "_slot", "_slots", "_until")

    def __init__(self, slots: Slots, until: float) -> None:
        self._slots, self._until = slots, until

    def __enter__(self) -> None:
        self._slot = self._slots.lend(until=self._until)
        self._own = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = self._slot.database

    def __exit__(self, *_: object) -> None:
        connections[DEFAULT_DB_ALIAS] = self._own
        self._slots.take_back(self._slot)


def patient_database() -> BaseDatabaseWrapper:
    """Return a connection as the settings have it."""
    return connections.create_connection(DEFAULT_DB_ALIAS)


def impatient_database() -> BaseDatabaseWrapper:
    """Return a connection on which PostgreSQL, and the network, give up before the deadline does."""
    database = connections.create_connection(DEFAULT_DB_ALIAS)
    options = database.settings_dict["OPTIONS"]
    limits = f"-c statement_timeout={STATEMENT_MILLISECONDS} -c lock_timeout={LOCK_MILLISECONDS}"
    database.settings_dict = {
        **database.settings_dict,
        "OPTIONS": {
            **options,
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": UNACKNOWLEDGED_MILLISECONDS,
            "options": f"{options.get('options', '')} {limits}".strip(),
        },
    }
    return database
