from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from feedback_site.improvements.rules import Judgement, Verdict, is_settled, is_worse, meets, verdict_of

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Figure:
    value: Decimal | None
    n: int


@dataclass(frozen=True)
class Action:
    status: str
    created_at: datetime = NOON
    done_at: datetime | None = NOON


@pytest.mark.parametrize(
    ("value", "direction", "worse"),
    [("3.9", "higher", True), ("4", "higher", False), ("4.1", "lower", True), ("4", "lower", False)],
)
def test_a_limit_is_reached_from_its_better_side(value, direction, worse):
    assert is_worse(value=Decimal(value), limit=Decimal(4), direction=direction) is worse
    assert meets(value=Decimal(value), standard=Decimal(4), direction=direction) is not worse


@pytest.mark.parametrize(
    ("figures", "verdict", "position"),
    [
        ([], Verdict.PENDING, None),
        ([("4.5", 9)], Verdict.PENDING, None),
        ([("4.5", 10)], Verdict.PROVED, 0),
        ([("3.5", 29)], Verdict.PENDING, None),
        ([("3.5", 30)], Verdict.FAILED, 0),
        ([("3.5", 12), ("4.2", 12)], Verdict.PROVED, 1),
        ([("3.5", 40), ("4.2", 40)], Verdict.FAILED, 0),
        ([(None, 0), ("4.2", 40)], Verdict.PROVED, 1),
    ],
)
def test_the_first_telling_figure_decides(figures, verdict, position):
    rows = [Figure(None if value is None else Decimal(value), n) for value, n in figures]

    assert verdict_of(rows, standard=Decimal("4.2"), direction="higher") == Judgement(verdict, position)


@pytest.mark.parametrize(
    ("actions", "settled"),
    [
        ([], False),
        ([Action("planned", done_at=None)], False),
        ([Action("proved")], True),
        ([Action("proved"), Action("done")], False),
        ([Action("failed")], False),
        ([Action("proved"), Action("failed")], False),
        ([Action("failed"), Action("proved", created_at=NOON + timedelta(days=1))], True),
        (
            [
                Action("failed", done_at=NOON + timedelta(days=2)),
                Action("proved", created_at=NOON + timedelta(days=1)),
            ],
            False,
        ),
    ],
)
def test_a_problem_is_settled_when_every_action_is_proved_or_made_up_for(actions, settled):
    assert is_settled(actions) is settled
