"""Shares with intervals: satisfied share, Wilson, Clopper-Pearson."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from feedback_site.statistics.distributions import beta_quantile, critical_z
from feedback_site.statistics.intervals import Interval
from feedback_site.statistics.validation import require, require_confidence, require_counts


@dataclass(frozen=True, slots=True)
class ShareEstimate:
    """A share of n answers with its Wilson interval, all in 0-1; None without answers."""

    n: int
    hits: int
    share: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class SatisfiedShare:
    """Top-box share in 0-1; everything but the counts is None without answers."""

    n: int
    satisfied: int
    share: float | None
    wilson: Interval | None
    clopper_pearson: Interval | None
    dissatisfied_share: float | None


def wilson_interval(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """Return the score interval (Wilson 1927) as shares in 0-1; ValueError without trials."""
    _require_trials(successes, n)
    z = critical_z(confidence)
    p = successes / n
    centre = p + z * z / (2 * n)
    margin = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    shrink = 1 + z * z / n
    # At the edges the bound is exact; the formula would miss it by a rounding error.
    low = 0.0 if successes == 0 else max(0.0, (centre - margin) / shrink)
    high = 1.0 if successes == n else min(1.0, (centre + margin) / shrink)
    return Interval(low, high)


def clopper_pearson_interval(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """Return the exact interval (Clopper & Pearson 1934) as shares in 0-1; ValueError without trials."""
    _require_trials(successes, n)
    require_confidence(confidence)
    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else beta_quantile(tail, successes, n - successes + 1)
    high = 1.0 if successes == n else beta_quantile(1 - tail, successes + 1, n - successes)
    return Interval(low, high)


def estimate_share(hits: int, n: int, confidence: float = 0.95) -> ShareEstimate:
    """Return hits / n with its Wilson interval; without answers the share is unknown, not 0."""
    require_confidence(confidence)
    if n == 0:
        require(hits == 0, f"hits must not exceed n, got {hits} of {n}")
        return ShareEstimate(n=0, hits=0, share=None, interval=None)
    return ShareEstimate(n=n, hits=hits, share=hits / n, interval=wilson_interval(hits, n, confidence))


def satisfied_share(counts: Sequence[int], confidence: float = 0.95, *, box: int = 2) -> SatisfiedShare:
    """Return the share in the top ``box`` of a rating scale and in its bottom ``box``.

    ``counts`` holds the answers per point from worst to best; blanks and "not applicable" stay out of it.
    """
    require_counts(counts)
    require(0 < box < len(counts), f"box must be below the number of points, got {box}")
    n, satisfied = sum(counts), sum(counts[-box:])
    estimate = estimate_share(satisfied, n, confidence)
    return SatisfiedShare(
        n=n,
        satisfied=satisfied,
        share=estimate.share,
        wilson=estimate.interval,
        clopper_pearson=clopper_pearson_interval(satisfied, n, confidence) if n else None,
        dissatisfied_share=sum(counts[:box]) / n if n else None,
    )


def _require_trials(successes: int, n: int) -> None:
    require_counts([successes, n], "successes and n")
    require(n > 0, "an interval needs at least one answer")
    require(successes <= n, f"successes must not exceed n, got {successes} of {n}")
