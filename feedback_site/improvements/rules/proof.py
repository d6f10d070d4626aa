"""When a figure is weak, when it meets a standard, and when a problem's actions prove that it is solved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from feedback_site.evaluations.enums import Direction
from feedback_site.evaluations.rules import is_covered, is_firm
from feedback_site.improvements.enums import ActionStatus


class Verdict(StrEnum):
    """What later measurements say of an action."""

    PROVED = "proved"
    FAILED = "failed"
    PENDING = "pending"


class MeasuredFigure(Protocol):
    """A measurement, as far as a verdict needs it."""

    value: Decimal | None
    n: int


class SettledAction(Protocol):
    """An action, as far as the closing of its problem needs it."""

    status: str
    created_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and the measurement that it rests on."""

    verdict: Verdict
    position: int | None = None


def is_worse(*, value: Decimal, limit: Decimal, direction: str) -> bool:
    """Whether `value` lies on the worse side of `limit`."""
    return value > limit if direction == Direction.LOWER else value < limit


def meets(*, value: Decimal, standard: Decimal, direction: str) -> bool:
    """Whether `value` reaches `standard` from its better side; equal is enough."""
    return not is_worse(value=value, limit=standard, direction=direction)


def verdict_of(figures: Sequence[MeasuredFigure], *, standard: Decimal, direction: str) -> Judgement:
    """Return what the first telling figure says; `figures` are those of later periods, oldest first.

    A figure that counts in a record (10 cases) may prove; only one
    that can carry a grade (30 cases) may say that it did not work.
    """
    for position, figure in enumerate(figures):
        if figure.value is None:
            continue
        if meets(value=figure.value, standard=standard, direction=direction):
            if is_covered(figure.n):
                return Judgement(Verdict.PROVED, position)
        elif is_firm(figure.n):
            return Judgement(Verdict.FAILED, position)
    return Judgement(Verdict.PENDING)


def is_settled(actions: Iterable[SettledAction]) -> bool:
    """Return whether there is an action, and each one is proved, or failed and made good.

    A failed one is made good by an action that was planned later and is proved.
    """
    rows = list(actions)
    proved = [row for row in rows if row.status == ActionStatus.PROVED]

    def is_made_up_for(failed: SettledAction) -> bool:
        return failed.done_at is not None and any(row.created_at > failed.done_at for row in proved)

    return bool(proved) and all(
        row.status == ActionStatus.PROVED or (row.status == ActionStatus.FAILED and is_made_up_for(row))
        for row in rows
    )
