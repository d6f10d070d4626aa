"""Mean ratings on 1..k with their interval, and the customer effort score."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from feedback_site.statistics.distributions import critical_t
from feedback_site.statistics.intervals import Interval
from feedback_site.statistics.proportions import estimate_share
from feedback_site.statistics.validation import require, require_confidence, require_counts, require_length

_EFFORT_POINTS = 7
_EASY_POINTS = 3


@dataclass(frozen=True, slots=True)
class MeanRating:
    """Mean of ratings 1..k; spread and interval are None below two answers, the mean without any."""

    n: int
    points: int
    mean: float | None
    sd: float | None
    se: float | None
    interval: Interval | None

    @property
    def score100_by_ratio(self) -> float | None:
        """The house rule, mean / k * 100: 4.5 of 5 is 90, and the worst rating of 5 gives 20."""
        return None if self.mean is None else self.mean / self.points * 100

    @property
    def score100_by_range(self) -> float | None:
        """Where the mean lies between worst and best rating: 4.5 of 5 is 87.5."""
        return None if self.mean is None else (self.mean - 1) / (self.points - 1) * 100


@dataclass(frozen=True, slots=True)
class EffortScore:
    """Customer effort score 2.0: mean on 1-7 and share of 5-7 in 0-1; None without answers."""

    n: int
    mean: float | None
    easy_share: float | None
    interval: Interval | None


def moments(counts: Sequence[int]) -> tuple[int, float | None, float | None]:
    """Return n, mean and sample variance (n - 1) of ratings 1..k from their counts."""
    require_counts(counts)
    n = sum(counts)
    if n == 0:
        return 0, None, None
    total = sum(rating * count for rating, count in enumerate(counts, start=1))
    squares = sum(rating * rating * count for rating, count in enumerate(counts, start=1))
    # Whole numbers up to the last division: equal ratings give a variance of exactly 0.
    variance = (n * squares - total * total) / (n * (n - 1)) if n > 1 else None
    return n, total / n, variance


def mean_rating(counts: Sequence[int], confidence: float = 0.95) -> MeanRating:
    """Return the mean of ratings 1..k with Student's t interval, not clipped to the scale.

    ``counts`` holds the answers per point from 1 upwards; ValueError on negative counts.
    """
    require(len(counts) > 1, "a rating scale needs at least two points")
    require_confidence(confidence)
    n, mean, variance = moments(counts)
    if mean is None or variance is None:
        return MeanRating(n=n, points=len(counts), mean=mean, sd=None, se=None, interval=None)
    se = math.sqrt(variance / n)
    margin = critical_t(confidence, n - 1) * se
    return MeanRating(
        n=n,
        points=len(counts),
        mean=mean,
        sd=math.sqrt(variance),
        se=se,
        interval=Interval.around(mean, margin),
    )


def effort_score(counts: Sequence[int], confidence: float = 0.95) -> EffortScore:
    """Return mean and easy share (5-7) of "made it easy" on 1-7 (Dixon et al. 2013)."""
    require_length(counts, _EFFORT_POINTS, "counts of an effort question")
    n, mean, _ = moments(counts)
    easy = estimate_share(sum(counts[-_EASY_POINTS:]), n, confidence)
    return EffortScore(n=n, mean=mean, easy_share=easy.share, interval=easy.interval)
