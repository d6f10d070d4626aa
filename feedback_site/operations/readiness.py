"""Which part answers.

PostgreSQL holds the queue and the truth, so the web is ready without anything else; the rest only slows it.

All parts are asked at once and none is waited for longer than `PATIENCE_SECONDS`, hung ones included.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from functools import cache as remember
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from feedback_site.operations.heartbeat import STALE_SECONDS, last_heartbeat
from feedback_site.operations.probe import Probe, answer_of

PATIENCE_SECONDS = 1.5
# Without these nothing can be answered.
NEEDED = ("database", "migrations")


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """The database's clock, and the names of migrations that it lacks."""

    at: datetime
    missing_migrations: list[str]


@dataclass(frozen=True, slots=True)
class CacheState:
    """What the cache knows: when a worker was last alive."""

    heartbeat: datetime | None


@dataclass(frozen=True, slots=True)
class Readiness:
    """True, False, or None where the part that would tell is down itself."""

    parts: dict[str, bool | None]
    heartbeat_age: float | None

    @property
    def is_ready(self) -> bool:
        """Whether requests can be answered."""
        return all(self.parts[part] for part in NEEDED)

    @property
    def status(self) -> str:
        """`ok`, `degraded` (ready, with a part down) or `down`."""
        if not self.is_ready:
            return "down"
        return "ok" if all(self.parts.values()) else "degraded"

    def as_dict(self) -> dict[str, Any]:
        """Return the answer to `/health/`."""
        down = [part for part, answers in self.parts.items() if answers is False]
        return {
            "status": self.status,
            "down": down,
            **self.parts,
            "worker_heartbeat_seconds": self.heartbeat_age,
        }


def ask_database() -> DatabaseState:
    """Read the clock and the applied migrations."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '1s'")
        cursor.execute("SELECT clock_timestamp(), array(SELECT app || '.' || name FROM django_migrations)")
        at, applied = cursor.fetchone()
    return DatabaseState(at, sorted(_shipped_migrations() - set(applied)))


def ask_cache() -> CacheState:
    """Read the worker's last sign of life."""
    return CacheState(last_heartbeat())


def ask_broker() -> bool:
    """Connect to the broker once: a `Connection` would try again, and sleep in between."""
    with current_app.connection_for_write() as broker:
        transport = broker.transport
        transport.close_connection(transport.establish_connection())
    return True


_database, _cache, _broker = Probe(ask_database), Probe(ask_cache), Probe(ask_broker)


def read_readiness(*, seconds: float = PATIENCE_SECONDS) -> Readiness:
    """Ask every part and wait for all of them together for at most `seconds`."""
    give_up_at = time.monotonic() + seconds
    asked_database, asked_cache, asked_broker = _database.start(), _cache.start(), _broker.start()
    database = answer_of(asked_database, seconds=give_up_at - time.monotonic())
    cache = answer_of(asked_cache, seconds=give_up_at - time.monotonic())
    broker = answer_of(asked_broker, seconds=give_up_at - time.monotonic())
    age = _age(database, cache)
    return Readiness(
        parts={
            "database": database is not None,
            "migrations": None if database is None else not database.missing_migrations,
            "redis": cache is not None,
            "broker": broker is not None,
            "worker": None if database is None or cache is None else age is not None and age <= STALE_SECONDS,
        },
        heartbeat_age=age,
    )


def _age(database: DatabaseState | None, cache: CacheState | None) -> float | None:
    if database is None or cache is None or cache.heartbeat is None:
        return None
    return max((database.at - cache.heartbeat).total_seconds(), 0.0)


@remember
def _shipped_migrations() -> frozenset[str]:
    """Return the migrations that this code was shipped with; they are on the disk, so one look is enough."""
    return frozenset(f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations)
