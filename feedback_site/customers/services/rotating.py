"""Rotation: what older keys sealed or indexed is sealed and indexed under the first ones.

It runs while the site runs.

Nothing is remembered between runs: a row says by itself which keys
it needs, so a rotation that was cut short goes on where it was.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pgtrigger
from django.db import IntegrityError, transaction
from django.db.models import BinaryField, F, Func, IntegerField, Model, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from feedback_site.common.sealing import (
    SealBrokenError,
    SealedColumn,
    index_of_normalised,
    reveal_bytes,
    seal_bytes,
    sealed_columns,
)
from feedback_site.common.sealing.keys import ID_BYTES, newest_index_key_id
from feedback_site.common.sealing.seals import seal_header
from feedback_site.customers.models import Customer
from feedback_site.customers.services.recovering import column_of_value, find_address

BATCH = 500
# Files may be large: a batch ends when it holds so much.
BATCH_BYTES = 8_000_000


@dataclass(slots=True)
class Rotated:
    """What became of one table.

    It counts rows sealed again, rows that were the same contact twice, and rows that cannot be opened.

    `unknown` rows hold the index of a contact that is kept nowhere, so that it cannot be made again.
    """

    table: str
    done: int = 0
    merged: int = 0
    unknown: int = 0
    broken: list[str] = field(default_factory=list)


def rotate_all(
    *,
    report: Callable[[Rotated], None] = lambda _result: None,
    is_indexed_only: bool = False,
    forgets_unknown: bool = False,
    batch: int = BATCH,
) -> list[Rotated]:
    """Seal and index every row again that is not under the first keys.

    `report` is called after each batch with the table so far.

    `is_indexed_only` leaves out tables that are not searched by contact.
    `forgets_unknown` lets go of indexes that cannot be made again.
    """
    results = []
    for model, columns in _tables():
        if is_indexed_only and not any(column.index for column in columns):
            continue
        result = Rotated(columns[0].table)
        for keys in _batches(model, columns, batch):
            _rotate_batch(model, columns, keys, result, forgets_unknown=forgets_unknown)
            report(result)
        results.append(result)
    return results


def renew_indexes() -> None:
    """Bring every index under the first key, before statements that compare indexes.

    Does nothing where all are under it.
    """
    if has_stale_indexes():
        rotate_all(is_indexed_only=True)


def has_stale_indexes() -> bool:
    """Return whether any contact is indexed under another key than the first.

    Takes two looks into each index, for a table of any size.
    """
    first = newest_index_key_id()
    beyond = first + b"\xff" * 33
    return any(
        _rows(column.model)
        .filter(Q(**{f"{column.index}__lt": first}) | Q(**{f"{column.index}__gt": beyond}))
        .exists()
        for column in sealed_columns()
        if column.index
    )


def _tables() -> Iterator[tuple[type[Model], list[SealedColumn]]]:
    """Yield each table with its columns.

    Customers come last: rows without an address of their own find it by their customer's.
    """
    ordered = sorted(sealed_columns(), key=lambda column: (column.model is Customer, column.table))
    for _table, columns in groupby(ordered, key=lambda column: column.table):
        listed = list(columns)
        yield listed[0].model, listed


def _rows(model: type[Model]) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._base_manager.all()  # noqa: SLF001 - Django's documented API
    return rows


def _batches(model: type[Model], columns: list[SealedColumn], batch: int) -> Iterator[list[Any]]:
    """Yield the keys of stale rows in their order, a batch at a time; what stays stale is passed over."""
    stale, starts = Q(), {}
    for column in columns:
        starts[f"start_of_{column.sealed}"] = _start(column.sealed, len(seal_header()))
        if column.index:
            starts[f"start_of_{column.index}"] = _start(column.index, ID_BYTES)
        stale |= _is_stale(column)
    size = sum((Coalesce(_length(column.sealed), Value(0)) for column in columns), start=Value(0))
    rows = _rows(model).alias(**starts).filter(stale).annotate(size_of_sealed=size).order_by("pk")
    last = None
    while True:
        later = rows if last is None else rows.filter(pk__gt=last)
        keys: list[Any] = []
        total = 0
        for last, length in later.values_list("pk", "size_of_sealed")[:batch]:
            keys.append(last)
            total += length
            if total >= BATCH_BYTES:
                break
        if not keys:
            return
        yield keys


def _start(name: str, length: int) -> Func:
    return Func(F(name), Value(1), Value(length), function="substring", output_field=BinaryField())


def _length(name: str) -> Func:
    return Func(F(name), function="octet_length", output_field=IntegerField())


def _is_stale(column: SealedColumn) -> Q:
    stale = Q(**{f"{column.sealed}__isnull": False}) & ~Q(**{f"start_of_{column.sealed}": seal_header()})
    if column.index:
        # A row with an index alone is looked at whatever its key: its address may be known elsewhere.
        is_other = ~Q(**{f"start_of_{column.index}": newest_index_key_id()}) | Q(
            **{f"{column.sealed}__isnull": True}
        )
        stale |= Q(**{f"{column.index}__isnull": False}) & is_other
    return stale


@transaction.atomic
def _rotate_batch(
    model: type[Model],
    columns: list[SealedColumn],
    keys: list[Any],
    result: Rotated,
    *,
    forgets_unknown: bool,
) -> None:
    """Rotate rows that are locked as services lock them.

    A service that writes one at the same time waits, and finds it as it is then.
    """
    with pgtrigger.ignore():
        for row in (
            _rows(model).filter(pk__in=keys).order_by("pk").select_for_update(no_key=True, of=("self",))
        ):
            changes = _changes(row, columns, result, forgets_unknown=forgets_unknown)
            if changes:
                _write(row, changes, result)


def _changes(
    row: Any, columns: list[SealedColumn], result: Rotated, *, forgets_unknown: bool
) -> dict[str, bytes | None]:
    """Return the new values of a row; what cannot be opened stays as it is and is named."""
    changes: dict[str, bytes | None] = {}
    for column in columns:
        index = getattr(row, column.index) if column.index else None
        if getattr(row, column.sealed) is None and index is None:
            continue
        try:
            value = _value_of(row, column)
        except SealBrokenError:
            result.broken.append(f"{column.name} {row.pk}")
            continue
        if value is not None:
            changes |= _under_first_keys(row, column, value)
        else:
            result.unknown += 1
            if forgets_unknown:
                changes[column.index] = None
    return changes


def _value_of(row: Any, column: SealedColumn) -> bytes | None:
    sealed = getattr(row, column.sealed)
    if column.before_seals and (value := column.before_seals(bytes(sealed))) is not None:
        return value
    if sealed is not None:
        return reveal_bytes(sealed=sealed, table=column.table, column=column.column, row_id=row.pk)
    address = find_address(row, bytes(getattr(row, column.index)))
    return None if address is None else address.encode()


def _under_first_keys(row: Any, column: SealedColumn, value: bytes) -> dict[str, bytes | None]:
    changes: dict[str, bytes | None] = {
        column.sealed: seal_bytes(value=value, table=column.table, column=column.column, row_id=row.pk)
    }
    if column.index:
        contact = value.decode()
        changes[column.index] = index_of_normalised(column=column_of_value(contact), value=contact).current
    return changes


def _write(row: Any, changes: dict[str, bytes | None], result: Rotated) -> None:
    """Write a row without touching anything else of it.

    A row that is the copy of another, or holds an unknown index alone, is deleted.
    """
    rows = _rows(type(row)).filter(pk=row.pk)
    if any(value is None and not row._meta.get_field(name).null for name, value in changes.items()):  # noqa: SLF001 - Django's documented API
        rows.delete()
        result.done += 1
        return
    try:
        with transaction.atomic():
            rows.update(**changes)
        result.done += 1
    except IntegrityError:
        # Two rows for one contact, made under two keys at the same moment: the other one says the same.
        rows.delete()
        result.merged += 1
