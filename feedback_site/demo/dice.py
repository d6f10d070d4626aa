import random
from collections.abc import Sequence
from typing import TypeVar

ChoiceT = TypeVar("ChoiceT")


def pick(weighted: Sequence[tuple[ChoiceT, float]], dice: random.Random) -> ChoiceT:
    """Return one of the values, as often as its weight says."""
    values, weights = zip(*weighted, strict=True)
    chosen: ChoiceT = dice.choices(values, weights)[0]
    return chosen
