"""From an indicator's value to 0-100, and from weighted indicators to one score and grade.

Source: domain handbook 3.1, template 3.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from feedback_site.evaluations.enums import Direction, Grade, Unit
from feedback_site.evaluations.rules.visibility import is_covered, is_firm
from feedback_site.statistics import scoring

_WHOLE, _POINTS = Decimal(100), Decimal(5)
_THOUSANDTH, _CENT = Decimal("0.001"), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class LineFigures:
    """What one indicator brings to a record: weight in percent, cases, score on 0-100 (None: not covered)."""

    weight: Decimal
    n: int
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """Displayed score (one decimal), grade, and shares of the weight in percent.

    Without data the score is None, without a grade the grade is "".
    """

    score: Decimal | None
    grade: str
    weight_covered: Decimal
    weight_firm: Decimal


def score_of(*, unit: str, direction: str, rubric: Sequence[Sequence[Any]], value: Decimal) -> Decimal:
    """Return a period's value on 0-100, three decimals.

    Ratings count by value / 5, times by their rubric's points / 5, rates as they are.

    A Net Promoter Score counts by where it lies between -100 and 100. A rate where lower is better
    counts by its complement. ValueError for a timed indicator whose rubric does not end.
    """
    if unit == Unit.RATING:
        score = value / _POINTS * _WHOLE
    elif unit == Unit.POINTS:
        score = (value + _WHOLE) / 2
    elif unit == Unit.PERCENT:
        score = value if direction == Direction.HIGHER else _WHOLE - value
    else:
        score = _points(rubric, value) / _POINTS * _WHOLE
    return min(max(score, Decimal(0)), _WHOLE).quantize(_THOUSANDTH, rounding=ROUND_HALF_UP)


def _points(rubric: Sequence[Sequence[Any]], value: Decimal) -> Decimal:
    for limit, points in rubric:
        if limit is None or value <= Decimal(str(limit)):
            return Decimal(str(points))
    message = "the rubric's last limit must be null"
    raise ValueError(message)


def weights_add_up(weights: Iterable[Decimal]) -> bool:
    """Whether the weights of a scheme make a whole."""
    return sum(weights, Decimal(0)) == _WHOLE


def outcome_of(
    lines: Sequence[LineFigures],
    *,
    least_weight_covered: Decimal,
    grade_limits: Sequence[int] = scoring.LIMITS,
) -> RecordOutcome:
    """Weigh the covered lines, rescaled to 100, and grade the displayed score.

    No grade unless `least_weight_covered` percent of the weight is covered, and as much
    rests on enough cases to be graded. ValueError unless the weights add up to 100.
    """
    items = [
        scoring.ScoreItem(float(line.weight), None if line.score is None else float(line.score))
        for line in lines
    ]
    weighted = scoring.weighted_score(items)
    measured = [line for line in lines if line.score is not None]
    covered = sum((line.weight for line in measured), Decimal(0))
    firm = sum((line.weight for line in measured if is_firm(line.n)), Decimal(0))
    is_graded = weighted.score is not None and min(covered, firm) >= least_weight_covered
    return RecordOutcome(
        score=None if weighted.score is None else scoring.displayed_score(weighted.score),
        grade=Grade(scoring.grade(weighted.score, grade_limits).value).value
        if is_graded and weighted.score is not None
        else "",
        weight_covered=covered.quantize(_CENT),
        weight_firm=firm.quantize(_CENT),
    )


def covered_score(
    *, unit: str, direction: str, rubric: Sequence[Sequence[Any]], value: Decimal | None, n: int
) -> Decimal | None:
    """Return the score of a measurement, None where it has too few cases to be covered."""
    if value is None or not is_covered(n):
        return None
    return score_of(unit=unit, direction=direction, rubric=rubric, value=value)
