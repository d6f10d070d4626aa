"""Runs the few statements of the answer path through libpq itself.

They are prepared at their first use on a connection: planning them again would cost more than running them.
Parameters and results skip psycopg's and Django's cursors, whose adapting and wrapping cost three times what
the round trip does. They share Django's connection, so they stand within its transaction if there is one.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import Connection, OperationalError
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

Reader = Callable[[bytes], Any]
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def read_text(value: bytes) -> str:
    """Return a `text` or `varchar`."""
    return value.decode()


def read_integer(value: bytes) -> int:
    """Return an integer of any width."""
    return int.from_bytes(value, signed=True)


def read_uuid(value: bytes) -> uuid.UUID:
    """Return a `uuid`."""
    return uuid.UUID(bytes=value)


def read_moment(value: bytes) -> datetime:
    """Return a `timestamptz`: PostgreSQL counts microseconds from 2000."""
    return _EPOCH + timedelta(microseconds=int.from_bytes(value, signed=True))


class SqlStatement:
    """One statement with `$1`, `$2` ... for its parameters, and how to read each column that it returns."""

    # Which connections have which statements prepared.
    _prepared: WeakKeyDictionary[Connection[Any], set[bytes]] = WeakKeyDictionary()

    def __init__(self, name: str, text: str, *, returns: Sequence[Reader]) -> None:
        self._name = name.encode()
        self._text = text
        self._readers = tuple(enumerate(returns))

    def run(self, *parameters: str | bytes) -> list[tuple[Any, ...]]:
        """Run on Django's connection and return the rows.

        `str` travels in PostgreSQL's text form, `bytes` in its binary form.

        Raises errors of django.db, OperationalError when the connection is lost.
        """
        django = connections[DEFAULT_DB_ALIAS]
        django.ensure_connection()
        django.validate_no_broken_transaction()
        if django.queries_logged:
            django.queries_log.append({"sql": self._text, "time": "0"})
        with django.wrap_database_errors:
            return self._read(self._execute(django.connection, parameters))

    def _execute(self, raw: Connection[Any], parameters: Sequence[str | bytes]) -> PGresult:
        libpq = raw.pgconn
        if not raw.autocommit and libpq.transaction_status == TransactionStatus.IDLE:
            raw.execute("")  # psycopg begins the transaction before it sends anything, even nothing
        known = self._prepared.get(raw)
        if known is None:
            known = self._prepared[raw] = set()
        if self._name not in known:
            _check(libpq, libpq.prepare(self._name, self._text.encode()))
            known.add(self._name)
        values = [value.encode() if isinstance(value, str) else value for value in parameters]
        formats = [Format.TEXT if isinstance(value, str) else Format.BINARY for value in parameters]
        return _check(libpq, libpq.exec_prepared(self._name, values, formats, Format.BINARY))

    def _read(self, result: PGresult) -> list[tuple[Any, ...]]:
        value_at = result.get_value
        return [
            tuple(
                [
                    None if (value := value_at(row, column)) is None else reader(value)
                    for column, reader in self._readers
                ]
            )
            for row in range(result.ntuples)
        ]


def _check(libpq: PGconn, result: PGresult) -> PGresult:
    if result.status in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
        return result
    if libpq.status != ConnStatus.OK:
        message = "The connection to the database was lost."
        raise OperationalError(message)
    raise error_from_result(result)
