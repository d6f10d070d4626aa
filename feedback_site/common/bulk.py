"""Writing many rows at once where Django's own way is slow: one array per column instead of one parameter per cell."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model

# What the driver writes as it is; choices are texts of a kind of their own.
_PLAIN = frozenset({bool, datetime, int, str, type(None), uuid.UUID})


def insert_rows(rows: Sequence[Model], *, skips_known: bool = True) -> None:
    """Insert rows of one model whose keys are known beforehand; those that break a unique constraint are left out without a word.

    Without `skips_known` they raise `IntegrityError`, and nothing is inserted.

    `bulk_create` does the same, but not by arrays where a column is binary: 2.5 times the time for a service event.
    """
    if not rows:
        return
    meta = rows[0]._meta  # noqa: SLF001 - Django's documented API
    fields = meta.local_concrete_fields
    arrays = [_prepared(field, rows) for field in fields]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    types = ", ".join(f"%s::{_type_of(field)}[]" for field in fields)
    known = " ON CONFLICT DO NOTHING" if skips_known else ""
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(meta.db_table)} ({names}) SELECT * FROM unnest({types}){known}", arrays)  # noqa: S608 - names of our own tables
    for row in rows:
        row._state.adding = False  # noqa: SLF001 - Django's documented API


def _prepared(field: Any, rows: Sequence[Model]) -> list[Any]:
    plain = frozenset() if isinstance(field, JSONField) else _PLAIN
    values = [field.pre_save(row, add=True) for row in rows]
    return [value if type(value) in plain else field.get_db_prep_save(value, connection=connection) for value in values]


def _type_of(field: Any) -> str:
    # Without its length, or a text that is too long would be cut instead of refused.
    return str(field.db_type(connection)).partition("(")[0]
