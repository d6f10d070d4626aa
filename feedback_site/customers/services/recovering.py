"""Addresses of rows that hold an index alone, from before addresses were kept beside indexes.

They are looked for in other rows that know the same contact.
"""

from typing import Any

from django.db.models import Q

from feedback_site.common.sealing import (
    ContactColumn,
    SealBrokenError,
    SealedColumn,
    index_of_normalised,
    reveal,
    sealed_columns,
)
from feedback_site.common.sealing.keys import ID_BYTES, index_keys
from feedback_site.customers.models import Customer

_HASH_BYTES = 32


def column_of_value(value: str) -> ContactColumn:
    """Return which kind of contact a stored value is."""
    return "email" if "@" in value else "phone"


def find_address(row: Any, index: bytes) -> str | None:
    """Return the contact behind an index, or None where no row knows it.

    Another row may have the same index, or the customer of `row` may have the contact.
    """
    digest = index[-_HASH_BYTES:]
    forms = [digest, *(key_id + digest for key_id in index_keys()), index[:ID_BYTES] + digest]
    for column in sealed_columns():
        if not column.index:
            continue
        same = Q(**{f"{column.index}__in": forms})
        if column.model is Customer:
            same |= Q(pk=getattr(row, "customer_id", None))
        others = column.model._base_manager.filter(same, **{f"{column.sealed}__isnull": False}).only(  # noqa: SLF001 - Django's documented API
            "pk", column.sealed
        )
        for other in others[:3]:
            value = _open(column, other)
            if value and index in index_of_normalised(column=column_of_value(value), value=value).known_as:
                return value
    return None


def _open(column: SealedColumn, row: Any) -> str:
    try:
        return reveal(
            sealed=getattr(row, column.sealed), table=column.table, column=column.column, row_id=row.pk
        )
    except SealBrokenError:
        return ""
