"""PostgreSQL and the broker of one site, and what can be done to them."""

import signal
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import psycopg
import redis

from feedback_site.embedded.layout import POSTGRES_PORT, DataLayout
from feedback_site.embedded.postgres import Postgres
from feedback_site.embedded.processes import wait_until
from feedback_site.embedded.urls import DATABASE_NAME, DATABASE_USER, redis_url
from feedback_site.embedded.valkey import Valkey
from tests.chaos.supervisor import children_of, is_alive, is_frozen, send


@dataclass(frozen=True)
class Identity:
    """Which run of a server it is."""

    pid: int
    started: datetime | str

    def is_another_than(self, earlier: "Identity") -> bool:
        return self.pid != earlier.pid and self.started != earlier.started


class Database:
    """The site's PostgreSQL."""

    def __init__(self, layout: DataLayout) -> None:
        self._layout = layout
        self._server = Postgres(layout, durable=True)

    @property
    def processes(self) -> list[int]:
        """The postmaster and all its children, each of which leads a session of its own."""
        pid = self._server.pid
        return [pid, *children_of(pid)] if pid else []

    def identity(self) -> Identity:
        with self.connect() as connection:
            (started,) = connection.execute("SELECT pg_postmaster_start_time()").fetchone()
        return Identity(self._server.pid, started)

    def kill_all(self) -> None:
        """Kill the postmaster and every child at one moment.

        No one is left to write what was not written yet.
        """
        pids = self.freeze()
        for pid in pids:
            send(pid, signal.SIGKILL)
        _await_end(pids)

    def kill_postmaster(self) -> None:
        """Kill the postmaster alone; its children notice, each in its own time."""
        pids = self.processes
        send(pids[0], signal.SIGKILL)
        _await_end(pids)

    def freeze(self) -> list[int]:
        """Stop every process and return their pids; children born meanwhile are stopped too."""
        frozen: list[int] = []
        while missing := [pid for pid in self.processes if pid not in frozen]:
            for pid in missing:
                send(pid, signal.SIGSTOP)
            frozen += missing
        wait_until(lambda: self.is_frozen, seconds=5)
        return frozen

    def thaw(self) -> None:
        for pid in reversed(self.processes):
            send(pid, signal.SIGCONT)

    @property
    def is_frozen(self) -> bool:
        return all(is_frozen(pid) for pid in self.processes)

    def start(self) -> None:
        """Start it again, as a person who keeps a server up would."""
        self._server.start(alone=False)

    @contextmanager
    def connect(self):
        """Yield a connection of our own that commits statement by statement."""
        with psycopg.connect(
            host=str(self._layout.postgres_sockets),
            port=POSTGRES_PORT,
            user=DATABASE_USER,
            dbname=DATABASE_NAME,
            autocommit=True,
        ) as connection:
            yield connection


class Broker:
    """The site's Valkey."""

    def __init__(self, layout: DataLayout) -> None:
        self._url = redis_url(layout.data_dir)
        self._server = Valkey(layout, durable=True)

    def identity(self) -> Identity:
        return Identity(self._server.pid, str(self._ask(lambda client: client.info("server"))["run_id"]))

    def flush(self) -> None:
        """Lose everything it holds."""
        self._ask(lambda client: client.flushall())

    def flushes(self) -> int:
        """Return how often it was emptied since it was started, by its own count."""
        return int(
            self._ask(lambda client: client.info("commandstats")).get("cmdstat_flushall", {}).get("calls", 0)
        )

    def kill(self) -> None:
        pid = self._server.pid
        send(pid, signal.SIGKILL)
        _await_end([pid])

    def start(self) -> None:
        self._server.start()

    def freeze(self) -> None:
        send(self._server.pid, signal.SIGSTOP)
        wait_until(lambda: self.is_frozen, seconds=5)

    def thaw(self) -> None:
        send(self._server.pid, signal.SIGCONT)

    @property
    def is_frozen(self) -> bool:
        return is_frozen(self._server.pid)

    @property
    def is_absent(self) -> bool:
        """Whether no one answers at its address."""
        try:
            self._ask(lambda client: client.ping())
        except (redis.RedisError, OSError):
            return True
        return False

    def _ask(self, question):
        with redis.Redis.from_url(self._url, socket_timeout=5) as client:
            return question(client)


def _await_end(pids: list[int]) -> None:
    if not wait_until(lambda: not any(is_alive(pid) for pid in pids), seconds=20):
        message = f"still alive after a kill: {[pid for pid in pids if is_alive(pid)]}"
        raise TimeoutError(message)
