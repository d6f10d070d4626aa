"""How many cases a figure needs before it may be shown, counted or graded; stated here alone.

| cases   | shown                       | in a record                                          |
| 0-4     | nothing, not even the count | indicator not covered                                |
| 5-9     | the count only              | indicator not covered                                |
| 10-29   | greyed, without rank/grade  | covered: counts in the score, cannot carry a grade   |
| 30-     | fully                       | covered, can carry a grade                           |

A grade therefore needs `least_weight_covered` twice: of the weight
covered at all, and of the weight resting on 30 cases or more.
"""

from enum import StrEnum

LEAST_FOR_COUNT, LEAST_FOR_VALUE, LEAST_FOR_GRADE = 5, 10, 30


class Visibility(StrEnum):
    """What may be shown of a figure."""

    NOTHING = "nothing"
    COUNT = "count"
    GREYED = "greyed"
    FULL = "full"


def visibility_of(n: int) -> Visibility:
    """Return what may be shown of a figure that rests on `n` cases."""
    if n < LEAST_FOR_COUNT:
        return Visibility.NOTHING
    if n < LEAST_FOR_VALUE:
        return Visibility.COUNT
    return Visibility.GREYED if n < LEAST_FOR_GRADE else Visibility.FULL


def is_covered(n: int) -> bool:
    """Whether an indicator with `n` cases counts as covered in a record."""
    return n >= LEAST_FOR_VALUE


def is_firm(n: int) -> bool:
    """Whether an indicator with `n` cases can carry a grade."""
    return n >= LEAST_FOR_GRADE
