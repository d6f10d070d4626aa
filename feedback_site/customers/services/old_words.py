"""Words from before words were masked: each app that stores some names its rows, and `manage.py mask_words` walks through all of them.

A batch is a transaction of its own, and what is masked is not changed again: a walk that was broken off is simply begun once more.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

BATCH = 500


@dataclass(frozen=True, slots=True)
class Walked:
    """One batch: the key of its last row (None: there was none), how many rows were looked at, and how many were masked."""

    last: object | None
    looked_at: int
    masked: int


Walk = Callable[[object | None, int, datetime], Walked]
_walks: dict[str, Walk] = {}


def register_old_words(kind: str, walk: Walk) -> None:
    """Name rows; call it from `AppConfig.ready`. `walk` takes the key to go on after, the size of a batch and the moment."""
    _walks[kind] = walk


def mask_old_words(*, at: datetime, batch: int = BATCH) -> Iterator[tuple[str, int, int]]:
    """Mask what is not masked yet and yield, after each batch, the kind with how many rows were looked at and masked so far."""
    for kind, walk in sorted(_walks.items()):
        last, looked_at, masked = None, 0, 0
        while (walked := walk(last, batch, at)).looked_at:
            last, looked_at, masked = walked.last, looked_at + walked.looked_at, masked + walked.masked
            yield kind, looked_at, masked
        if not looked_at:
            yield kind, 0, 0
