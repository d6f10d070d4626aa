"""Composite score and grade of an evaluation, on 0-100."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from feedback_site.statistics.validation import require, require_finite, require_not_negative

_WHOLE = 100.0
_LEAST_COVERAGE = 80.0
_DIGITS = 9
_TOLERANCE = 1e-6


class ScoreGrade(StrEnum):
    """Grades from best to worst."""

    EXCELLENT = "excellent"
    GOOD = "good"
    QUALIFIED = "qualified"
    TO_IMPROVE = "to_improve"
    UNQUALIFIED = "unqualified"


# The least displayed score of each grade but the last, which begins at 0.
LIMITS = (90, 80, 70, 60)


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One indicator: its weight in percent and its score on 0-100, None without data."""

    weight: float
    score: float | None


@dataclass(frozen=True, slots=True)
class WeightedScore:
    """Composite score, None without any data; no grade below 80 % of the weight."""

    score: float | None
    grade: ScoreGrade | None
    complete: bool
    weight_covered: float


def weighted_score(items: Iterable[ScoreItem]) -> WeightedScore:
    """Return sum(w x) / sum(w) over the items with data.

    ValueError unless weights are at least 0 and add up to 100, and scores lie in 0-100.
    """
    listed = list(items)
    require_not_negative((item.weight for item in listed), "weights")
    whole = sum(item.weight for item in listed)
    require(abs(whole - _WHOLE) <= _TOLERANCE, f"weights must add up to 100, got {whole}")
    known = [(item.weight, item.score) for item in listed if item.score is not None]
    for _, value in known:
        require(0 <= value <= _WHOLE, f"scores must lie between 0 and 100, got {value}")
    covered = round(sum(weight for weight, _ in known), _DIGITS)
    score = (
        sum(weight * value for weight, value in known) / sum(weight for weight, _ in known)
        if covered
        else None
    )
    return WeightedScore(
        score=score,
        grade=grade(score) if score is not None and covered >= _LEAST_COVERAGE else None,
        complete=len(known) == len(listed),
        weight_covered=covered,
    )


def displayed_score(score: float) -> Decimal:
    """Return the score as shown: one decimal, half up, so that 89.95 is 90.0 whatever its binary fraction."""
    require_finite([score], "score")
    return Decimal(repr(round(score, _DIGITS))).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def grade(score: float, limits: Sequence[int] = LIMITS) -> ScoreGrade:
    """Return the grade of the displayed score, so that number and grade never disagree.

    `limits` are the least scores of the grades from the best to the last but one.
    """
    shown = displayed_score(score)
    named = zip(limits, ScoreGrade, strict=False)
    return next((name for least, name in named if shown >= least), ScoreGrade.UNQUALIFIED)
