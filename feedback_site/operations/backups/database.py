"""PostgreSQL's own programs that write a database out and read it back."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _
from psycopg.conninfo import make_conninfo

from feedback_site.common.exceptions import DomainError
from feedback_site.embedded import EmbeddedServersUnavailable
from feedback_site.embedded.binaries import postgres_bin

_IS_EMPTY = """
    SELECT NOT EXISTS (
        SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = 'public' AND relkind IN ('r', 'p', 'v', 'm', 'S')
    )
"""
_DUMP = ("--format=custom", "--compress=gzip:3", "--no-owner", "--no-privileges", "--no-password")
_RESTORE = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password")


@contextmanager
def snapshot() -> Iterator[BaseDatabaseWrapper]:
    """Yield another connection that sees the database as it is now for as long as it lasts."""
    other = connection.copy()
    try:
        other.connect()
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # The first statement that reads takes the snapshot.
            cursor.execute("SELECT 1")
        yield other
    finally:
        other.close()


def rows_by_table(database: BaseDatabaseWrapper) -> dict[str, int]:
    """Return how many rows each table has."""
    counts = {}
    with database.cursor() as cursor:
        for table in sorted(database.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {database.ops.quote_name(table)}")  # noqa: S608 - a table's name
            counts[table] = cursor.fetchone()[0]
    return counts


def is_empty() -> bool:
    """Return whether the database has no table yet."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_EMPTY)
        return bool(cursor.fetchone()[0])


def write_out(database: BaseDatabaseWrapper, take: Callable[[IO[bytes]], str]) -> str:
    """Let `take` read the database as the snapshot of `database` shows it, and return what it returns."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        (name,) = cursor.fetchone()
    with _program("pg_dump", *_DUMP, f"--snapshot={name}") as process:
        return take(_pipe(process.stdout))


def read_back(give: Callable[[IO[bytes]], None]) -> None:
    """Let `give` write into an empty database what `write_out` read: all of it, or nothing."""
    with _program("pg_restore", *_RESTORE) as process:
        give(_pipe(process.stdin))


@contextmanager
def _program(name: str, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run one of PostgreSQL's programs on the site's database; what it says when it fails is the error."""
    address, password = _address()
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(  # noqa: S603 - PostgreSQL's programs, on the address that the settings name
            [_found(name), f"--dbname={address}", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=words,
            env={**os.environ, **password},
        )
        try:
            yield process
            _pipe(process.stdin).close()
        except BrokenPipeError:
            # It has gone before it had taken everything, and has said why.
            process.wait()
        except BaseException:
            # What it was given must not end as if it were whole.
            process.kill()
            raise
        finally:
            status = process.wait()
            with suppress(OSError):
                _pipe(process.stdin).close()
            _pipe(process.stdout).close()
        words.seek(0)
        # Further lines quote rows.
        said = words.readline().decode(errors="replace").strip()
    if status:
        raise DomainError(
            _("%(program)s failed: %(said)s") % {"program": name, "said": said or f"exit {status}"}
        )


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    """Return one end of a pipe, which is there because the process was started with it."""
    if end is None:
        message = "The process has no such pipe."
        raise ValueError(message)
    return end


def _address() -> tuple[str, Mapping[str, str]]:
    """Return how a program reaches the database; the password stays out of the list of processes."""
    connection.ensure_connection()
    info = connection.connection.info
    return make_conninfo(**info.get_parameters()), {"PGPASSWORD": info.password} if info.password else {}


def _found(name: str) -> str:
    """Return a program: the wheel's, which knows PostgreSQL up to its own version, or the machine's."""
    try:
        program: Path | str | None = postgres_bin() / name
    except EmbeddedServersUnavailable:
        program = shutil.which(name)
    if program is None:
        raise DomainError(
            _("%(program)s is not installed: install the client programs of PostgreSQL (postgresql-client).")
            % {"program": name}
        )
    return str(program)
