"""Words from before words were masked.

Each app that stores some names its rows, and `manage.py mask_words` walks through all of them.

A batch is a transaction of its own, and what is masked is not
changed again: a walk that was broken off is simply begun once more.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pgtrigger
from django.db import transaction
from django.db.models import QuerySet

from feedback_site.common.masking import mask_words
from feedback_site.customers.models import Customer
from feedback_site.customers.services.sealed_texts import keep_sealed, names_of, seal_text

BATCH = 500
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Walked:
    """One batch: the key of its last row, how many rows were looked at, and how many were masked.

    The key is None where there was no row.
    """

    last: object | None
    looked_at: int
    masked: int


Walk = Callable[[object | None, int, datetime], Walked]
Look = Callable[[int | None], Iterator[object]]
_walks: dict[str, tuple[Walk, Look]] = {}


def register_old_words(kind: str, walk: Walk, look: Look) -> None:
    """Name rows; call it from `AppConfig.ready`.

    `walk` takes the key to go on after, the size of a batch and the moment.

    `look` yields the keys of rows that are to be masked, of all rows or of so many of the latest, and changes
    nothing. It looks for no names: a customer may be called otherwise today than when the text was stored.
    """
    _walks[kind] = walk, look


def words_in_clear(*, latest: int | None = None) -> Iterator[tuple[str, object]]:
    """Yield kind and key of the rows that hold words to be masked.

    Looks at all rows, or at so many of the latest of each kind.
    """
    return ((kind, key) for kind, (_walk, look) in sorted(_walks.items()) for key in look(latest))


def looked_at(rows: QuerySet[Any, Any], latest: int | None) -> Iterator[Any]:
    """Yield rows in the order of their keys without holding them all, or the latest of them."""
    return (
        reversed(list(rows.order_by("-pk")[:latest]))
        if latest is not None
        else rows.order_by("pk").iterator(chunk_size=_CHUNK)
    )


def mask_old_words(*, at: datetime, batch: int = BATCH) -> Iterator[tuple[str, int, int]]:
    """Mask what is not masked yet; yield the kind and its counts after each batch.

    The counts are the rows looked at and the rows masked so far.
    """
    for kind, (walk, _look) in sorted(_walks.items()):
        last, looked_at, masked = None, 0, 0
        while (walked := walk(last, batch, at)).looked_at:
            last, looked_at, masked = walked.last, looked_at + walked.looked_at, masked + walked.masked
            yield kind, looked_at, masked
        if not looked_at:
            yield kind, 0, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsOfWords:
    """Rows with texts in columns: how they are read, and whom they are about.

    It also names the trigger, if any, that keeps the rows from being changed.
    """

    kind: str
    rows: Callable[[], Any]
    fields: Sequence[str]
    customer: Callable[[Any], Customer | None]
    trigger: str = ""
    keeps_hotlines: bool = False

    @transaction.atomic
    def walk(self, after: object | None, limit: int, at: datetime) -> Walked:
        """Mask a batch; what was kept of a field already stays as it is."""
        later = self.rows() if after is None else self.rows().filter(pk__gt=after)
        rows = list(later.order_by("pk")[:limit])
        changed = [row for row in rows if self._mask(row, at)]
        with pgtrigger.ignore(self.trigger) if self.trigger else nullcontext():
            type(rows[0]).objects.bulk_update(changed, self.fields) if changed else None
        return Walked(rows[-1].pk if rows else None, len(rows), len(changed))

    def look(self, latest: int | None) -> Iterator[object]:
        """Yield the keys of rows that hold what is to be masked."""
        for key, *texts in looked_at(self.rows().model._base_manager.values_list("pk", *self.fields), latest):  # noqa: SLF001 - Django's documented API
            if any(mask_words(text, keeps_hotlines=self.keeps_hotlines) != text for text in texts):
                yield key

    def _mask(self, row: Any, at: datetime) -> bool:
        names = names_of(self.customer(row))
        texts = {name: getattr(row, name) for name in self.fields}
        masked = {
            name: mask_words(text, names, keeps_hotlines=self.keeps_hotlines) for name, text in texts.items()
        }
        changed = [name for name in self.fields if masked[name] != texts[name]]
        keep_sealed(
            kind=self.kind,
            texts=[(row.pk, seal_text(name=name, text=texts[name])) for name in changed],
            at=at,
        )
        for name in changed:
            setattr(row, name, masked[name])
        return bool(changed)
