"""Every place where the running site leaves something behind, as text and bytes to search."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from feedback_site.embedded.layout import DataLayout, layout_of
from feedback_site.embedded.servers import TEST_FOLDER
from tests.journeys.canaries import Haystack

_TABLES = (
    "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind IN ('r', 'm', 'p') AND c.relnamespace = "
    "'public'::regnamespace"
)
_CHUNK, _OVERLAP = 8 << 20, 256
# A mail is addressed to a person, and its body is for them.
_OF_THE_OUTSIDE_WORLD = {"to"}
# What a text is made of for its receiver; the path is what proxies and gateways log.
_LOGGED_BY_OTHERS = ("path",)


class Commands:
    """All that the broker is told while it is listened to: task arguments, cache keys, results."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._is_over = threading.Event()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen for the block."""
        ready = threading.Event()
        thread = threading.Thread(target=self._listen, args=[ready], daemon=True)
        thread.start()
        assert ready.wait(10)
        try:
            yield
        finally:
            self._is_over.set()
            with redis.Redis.from_url(settings.REDIS_URL) as client:
                client.ping()  # the last thing heard
            thread.join(10)

    def _listen(self, ready: threading.Event) -> None:
        with redis.Redis.from_url(settings.REDIS_URL) as client, client.monitor() as monitor:
            ready.set()
            while not self._is_over.is_set():
                self.heard.append(monitor.next_command()["command"])


def files_below(folder: Path, pattern: str = "*") -> Iterator[bytes]:
    """Yield every file, large ones in pieces that overlap."""
    for path in sorted(folder.rglob(pattern)):
        if not path.is_file():
            continue
        rest = b""
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield rest + chunk
                rest = chunk[-_OVERLAP:]


def rows() -> Iterator[str | bytes]:
    """Yield every value of every row of every table: texts as they are, bytes decoded."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [name for (name,) in cursor.fetchall()]
    for table in tables:
        yield from _values_of(table)


def _values_of(table: str) -> Iterator[str | bytes]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - the database's own names
        while batch := cursor.fetchmany(2000):
            for row in batch:
                yield from (bytes(value) for value in row if isinstance(value, memoryview | bytes))
                texts = [value for value in row if not isinstance(value, memoryview | bytes)]
                yield json.dumps(texts, ensure_ascii=False, default=str)


def sessions() -> Iterator[str]:
    """Yield what sessions hold, which their table keeps compressed."""
    for session in Session.objects.all():
        yield json.dumps(session.get_decoded(), ensure_ascii=False)


def database_files() -> Iterator[bytes]:
    """Yield this database's files and the write-ahead log: dead rows, indexes and statistics included.

    Nothing where others run it.
    """
    layout = DataLayout(layout_of().data_dir / TEST_FOLDER)
    if connection.settings_dict["OPTIONS"].get("host", connection.settings_dict["HOST"]) != str(
        layout.postgres_sockets
    ):
        return
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        (oid,) = cursor.fetchone()
    for folder in (layout.cluster / "base" / str(oid), layout.cluster / "pg_wal"):
        yield from files_below(folder)
    yield from files_below(layout.postgres, "server*.log")


def broker() -> Iterator[str | bytes]:
    """Yield every key and value that the broker and the cache hold now, of all its databases."""
    with redis.Redis.from_url(settings.REDIS_URL) as first:
        databases = [int(name.removeprefix("db")) for name in first.info("keyspace")]
    for number in databases:
        with redis.Redis.from_url(settings.REDIS_URL, db=number) as client:
            for key in client.scan_iter(count=1000):
                yield key
                yield repr(_value_of(client, key))


def _value_of(client: Any, key: bytes) -> Any:
    readers = {
        b"string": lambda: client.get(key),
        b"list": lambda: client.lrange(key, 0, -1),
        b"set": lambda: client.smembers(key),
        b"hash": lambda: client.hgetall(key),
        b"zset": lambda: client.zrange(key, 0, -1),
        b"none": lambda: None,  # gone meanwhile
    }
    return readers[client.type(key)]()


def mail_headers(outbox: Path) -> Iterator[str]:
    """Yield the headers of all mails, decoded, but for the one that says to whom."""
    for path in sorted((outbox / "email").glob("*.eml")):
        message = BytesParser(policy=policy.default).parsebytes(path.read_bytes(), headersonly=True)
        yield "\n".join(
            f"{name}: {value}" for name, value in message.items() if name.lower() not in _OF_THE_OUTSIDE_WORLD
        )


def gateway_addresses(outbox: Path) -> Iterator[str]:
    """Yield the addresses that texts were posted to."""
    for path in sorted((outbox / "sms").glob("*.json")):
        text = json.loads(path.read_bytes())
        yield "\n".join(str(text[part]) for part in _LOGGED_BY_OTHERS)


def places(
    *,
    folder: Path,
    outbox: Path,
    commands: Commands,
    visited: list[str],
    pages: list[str],
    exports: list[bytes],
) -> dict[str, Haystack]:
    """Return every place by name.

    Left out, because there the words belong: bodies and addressees of messages in the outbox, which
    stands for the outside world; the two pages that showed a contact for a reason; and
    `customers_customer`'s sealed columns are searched like all others, for what is sealed is not found.
    """
    return {
        "logs": files_below(folder / "logs"),
        "rows": rows(),
        "sessions": sessions(),
        "database files": database_files(),
        "broker": broker(),
        "broker's commands": commands.heard,
        "mail headers": mail_headers(outbox),
        "addresses of the SMS gateway": gateway_addresses(outbox),
        "addresses visited": visited,
        "pages": pages,
        "exports": exports,
    }
