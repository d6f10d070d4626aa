"""Which keys are needed to read and to find what is stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.db import connection

from feedback_site.common.sealing import SealedColumn, sealed_columns
from feedback_site.common.sealing.keys import ID_BYTES, field_keys, index_keys
from feedback_site.common.sealing.seals import UNNAMED_LAYOUT

Kind = Literal["field", "index"]
# What values from before they named their key are counted under.
UNNAMED = b""
_INDEX_BYTES = 36
# Layout, key id, nonce and tag of the shortest value that names its key.
_SEALED_BYTES = 33


@dataclass(frozen=True, slots=True)
class KeyUse:
    """So many values of a column need this key; `key_id` is `UNNAMED` where a value does not say which."""

    kind: Kind
    column: str
    key_id: bytes
    count: int

    @property
    def is_configured(self) -> bool:
        """Whether the key is in the list of its kind; a value that names none is tried with all of them."""
        return self.key_id == UNNAMED or self.key_id in (
            field_keys() if self.kind == "field" else index_keys()
        )


def keys_in_use(*, latest: int | None = None) -> list[KeyUse]:
    """Count the values by key: all, or so many of the oldest and latest rows of each column.

    The second is fast.
    """
    return [use for column in sealed_columns() for use in _of_column(column, latest)]


def _of_column(column: SealedColumn, latest: int | None) -> Iterator[KeyUse]:
    # What is no longer than a nonce and a tag was stored before the column was sealed.
    named = (
        f"CASE WHEN octet_length({{column}}) < {_SEALED_BYTES} OR get_byte({{column}}, 0) = {UNNAMED_LAYOUT} "
        f"THEN ''::bytea ELSE substring({{column}} FROM 2 FOR {ID_BYTES}) END"
    )
    yield from _count(column, "field", column.sealed, named, latest)
    if column.index:
        named = (
            f"CASE WHEN octet_length({{column}}) < {_INDEX_BYTES} THEN ''::bytea ELSE substring({{column}} "
            f"FROM 1 FOR {ID_BYTES}) END"
        )
        yield from _count(column, "index", column.index, named, latest)


def _count(column: SealedColumn, kind: Kind, name: str, named: str, latest: int | None) -> Iterator[KeyUse]:
    quote = connection.ops.quote_name
    table, cell, key = quote(column.table), quote(name), quote(str(column.model._meta.pk.column))  # noqa: SLF001 - Django's documented API
    rows = f"SELECT {cell} AS cell FROM {table} WHERE {cell} IS NOT NULL"  # noqa: S608 - names of our own tables
    if latest is not None:
        rows = f"({rows} ORDER BY {key} LIMIT {latest}) UNION ALL ({rows} ORDER BY {key} DESC LIMIT {latest})"
    with connection.cursor() as cursor:
        statement = (
            f"SELECT {named.format(column='cell')} AS key_id, count(*) FROM ({rows}) cells GROUP BY 1 ORDER "  # noqa: S608 - names of our own tables
            "BY 1"
        )
        cursor.execute(statement)
        for key_id, count in cursor.fetchall():
            yield KeyUse(kind, f"{column.table}.{name}", bytes(key_id), count)
