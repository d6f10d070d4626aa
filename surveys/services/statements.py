"""Runs the few statements of the answer path as prepared ones: planning them anew would cost more than running them."""

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection

# Django switches preparing off altogether; this lets psycopg prepare what asks for it and never anything by itself.
ONLY_WHEN_ASKED = 1_000_000_000


class _PreparedCursor(psycopg.Cursor[tuple[Any, ...]]):
    """A cursor that binds on the server and prepares at the first use."""

    # pghistory puts a statement of its own before ours within staff's requests, and two cannot be prepared; cursors with a name it leaves
    # alone. None of the tables written here keeps a history.
    name = "prepared"

    def execute(self, query: Any, params: Any = None, **options: Any) -> "_PreparedCursor":
        return super().execute(query, params, **{**options, "prepare": True})


def run(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement on Django's connection, within its transaction if there is one, and return the rows."""
    connection.ensure_connection()
    raw = connection.connection
    raw.prepare_threshold = ONLY_WHEN_ASKED
    # Django's wrapper adds what a cursor of its own has: errors of django.db, and the count of queries in tests.
    with connection._prepare_cursor(_PreparedCursor(raw)) as cursor:  # type: ignore[attr-defined] # noqa: SLF001
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
