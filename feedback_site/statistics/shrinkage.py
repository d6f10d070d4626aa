"""Team scores pulled toward the mean as far as their uncertainty demands."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback_site.statistics.distributions import chi_square_upper_tail
from feedback_site.statistics.validation import (
    require,
    require_finite,
    require_not_negative,
    require_positive,
    require_same_length,
)

_LOST_DEGREES = 3


@dataclass(frozen=True, slots=True)
class JamesStein:
    """Scores shrunken by one common factor: 0 all alike, 1 untouched."""

    grand_mean: float
    factor: float
    shrunken: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ShrunkenScores:
    """Scores shrunken each by its own variance.

    tau2 is the variance between teams, i2 its share in percent.
    """

    grand_mean: float
    tau2: float
    q: float
    q_p_value: float
    i2: float
    shrunken: tuple[float, ...]
    own_weights: tuple[float, ...]


def james_stein(scores: Sequence[float], variance: float) -> JamesStein:
    """Shrink toward the mean by the positive-part James-Stein factor (Efron & Morris 1975), equal variances.

    Below four scores there is nothing to gain, so they stay as they are; equal scores have factor 0.
    """
    require(bool(scores), "at least one score is needed")
    require_finite(scores, "scores")
    require_not_negative([variance], "variance")
    k = len(scores)
    mean = sum(scores) / k
    squares = sum((score - mean) ** 2 for score in scores)
    factor = min(1.0, max(0.0, 1 - (k - _LOST_DEGREES) * variance / squares)) if squares else 0.0
    return JamesStein(mean, factor, tuple(mean + factor * (score - mean) for score in scores))


def shrink_scores(scores: Sequence[float], variances: Sequence[float]) -> ShrunkenScores:
    """Shrink toward the mean by normal-normal empirical Bayes (DerSimonian & Laird 1986).

    ``variances`` are the sampling variances. With tau2 = 0 nothing shows that the
    teams differ at all, and every team gets the mean. ValueError on variances of 0.
    """
    require(bool(scores), "at least one score is needed")
    require_same_length(scores, variances, "scores and variances")
    require_finite(scores, "scores")
    require_positive(variances, "variances")
    weights = [1 / variance for variance in variances]
    total, k = sum(weights), len(scores)
    fixed = _weighted_mean(scores, weights)
    q = sum(weight * (score - fixed) ** 2 for weight, score in zip(weights, scores, strict=True))
    scale = total - sum(weight**2 for weight in weights) / total
    tau2 = max(0.0, (q - (k - 1)) / scale) if k > 1 else 0.0
    mean = _weighted_mean(scores, [1 / (variance + tau2) for variance in variances])
    own = tuple(tau2 / (tau2 + variance) for variance in variances)
    return ShrunkenScores(
        grand_mean=mean,
        tau2=tau2,
        q=q,
        q_p_value=chi_square_upper_tail(q, k - 1) if k > 1 else 1.0,
        i2=max(0.0, (q - (k - 1)) / q * 100) if q > 0 else 0.0,
        shrunken=tuple(b * score + (1 - b) * mean for b, score in zip(own, scores, strict=True)),
        own_weights=own,
    )


def _weighted_mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(w * value for w, value in zip(weights, values, strict=True)) / sum(weights)
