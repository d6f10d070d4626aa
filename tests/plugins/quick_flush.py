"""Empties the tables that a test has committed to, and no others.

Django truncates every table after such a test and tells every app that it was migrated, which takes half a
second. What that leaves is remembered once per process: afterwards rows are deleted where there are any. A
test that changed what is left, or a database that lets no one still its triggers, gets Django's own flush.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

_FINGERPRINT = "SELECT coalesce(md5(string_agg(row::text, '' ORDER BY row::text)), '') FROM {} AS row"


@pytest.fixture(scope="session", autouse=True)
def quick_flush() -> Iterator[None]:
    """Let tests that commit leave an empty database behind as fast as they can."""
    flush = TransactionTestCase._fixture_teardown
    remembered: dict[str, str] = {}

    def flush_quickly(test_case: TransactionTestCase) -> None:
        if (
            test_case.available_apps is not None
            or test_case.serialized_rollback
            or not _delete_all_but(remembered)
        ):
            flush(test_case)
            remembered.clear()
            remembered.update(_rows_left())

    patched = pytest.MonkeyPatch()
    patched.setattr(TransactionTestCase, "_fixture_teardown", flush_quickly)
    yield
    patched.undo()


def _rows_left() -> dict[str, str]:
    """Return each table's fingerprint: of its rows, empty where it has none."""
    with connection.cursor() as cursor:
        return {table: _one(cursor, _FINGERPRINT.format(_quoted(table))) for table in _tables()}


def _delete_all_but(left: dict[str, str]) -> bool:
    """Empty the tables that were empty.

    Return whether the others are as they were, so that nothing else is to be done.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if not left or _one(cursor, "SHOW is_superuser") != "on":
            return False
        # As TRUNCATE would, wait for the person who is still writing.
        cursor.execute(f"LOCK TABLE {', '.join(map(_quoted, left))} IN ACCESS EXCLUSIVE MODE")
        if any(
            _one(cursor, _FINGERPRINT.format(_quoted(table))) != rows for table, rows in left.items() if rows
        ):
            return False
        emptied = [table for table, rows in left.items() if not rows]
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}' WHERE EXISTS (SELECT FROM {_quoted(table)})"  # noqa: S608 - our own tables
                for table in emptied
            )
        )
        written = [_quoted(table) for (table,) in cursor.fetchall()]
        # Triggers keep facts from being deleted, and references ask for an order.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("; ".join(f"DELETE FROM {table}" for table in written) or "SELECT 1")  # noqa: S608 - the same
    return True


def _tables() -> list[str]:
    return sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))


def _quoted(table: str) -> str:
    return connection.ops.quote_name(table)


def _one(cursor: Any, query: str) -> str:
    cursor.execute(query)
    return str(cursor.fetchone()[0])
