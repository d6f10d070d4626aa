"""Differences between groups: shares, means, and p-values that admit how many were looked at."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from feedback_site.statistics.distributions import critical_t, f_upper_tail, normal_two_sided_p, t_two_sided_p
from feedback_site.statistics.intervals import Interval
from feedback_site.statistics.proportions import wilson_interval
from feedback_site.statistics.ratings import moments
from feedback_site.statistics.validation import require, require_counts, require_finite, require_share

_ROUNDING = 1e-9
_LEAST_GROUPS = 2


@dataclass(frozen=True, slots=True)
class ShareDifference:
    """First minus second share, in shares; z and p are None when none or all are satisfied."""

    difference: float | None
    relative: float | None
    z: float | None
    p_value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class WelchTest:
    """Welch's unequal-variances t test of two means."""

    t: float
    degrees: float
    p_value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class AnovaTest:
    """An omnibus F test over all groups."""

    f: float
    p_value: float


@dataclass(frozen=True, slots=True)
class GroupGap:
    """Highest minus lowest group mean.

    The Welch test of the two extremes only describes: they were picked by looking.
    """

    means: Mapping[str, float | None]
    highest: str | None
    lowest: str | None
    gap: float | None
    exceeds_threshold: bool | None
    welch: WelchTest | None
    anova: AnovaTest | None
    welch_anova: AnovaTest | None


@dataclass(frozen=True, slots=True)
class AdjustedPValues:
    """P-values in input order, adjusted for how many there are."""

    holm: tuple[float, ...]
    benjamini_hochberg: tuple[float, ...]
    bonferroni: tuple[float, ...]
    rejected_by_holm: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class _Sample:
    n: int
    mean: float
    variance: float | None


def compare_shares(hits1: int, n1: int, hits2: int, n2: int, confidence: float = 0.95) -> ShareDifference:
    """Return the difference of two shares.

    Pooled z test, hybrid score interval (Newcombe 1998, method 10).
    """
    require_counts([hits1, n1, hits2, n2], "hits and n")
    require(hits1 <= n1 and hits2 <= n2, "hits must not exceed n")
    if n1 == 0 or n2 == 0:
        return ShareDifference(difference=None, relative=None, z=None, p_value=None, interval=None)
    p1, p2 = hits1 / n1, hits2 / n2
    pooled = (hits1 + hits2) / (n1 + n2)
    se = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    z = (p1 - p2) / se if se else None
    first, second = wilson_interval(hits1, n1, confidence), wilson_interval(hits2, n2, confidence)
    return ShareDifference(
        difference=p1 - p2,
        relative=(p1 - p2) / p2 if p2 else None,
        z=z,
        p_value=None if z is None else normal_two_sided_p(z),
        interval=Interval(
            p1 - p2 - math.hypot(p1 - first.low, second.high - p2),
            p1 - p2 + math.hypot(first.high - p1, p2 - second.low),
        ),
    )


def group_gap(groups: Mapping[str, Sequence[int]], threshold: float, confidence: float = 0.95) -> GroupGap:
    """Return the gap between the extreme group means; a gap equal to the threshold still meets it.

    ``groups`` maps a name to its counts per rating 1..k. Groups without answers have no mean and stay out.
    """
    require_finite([threshold], "threshold")
    samples = _samples(groups)
    means = {name: samples[name].mean if name in samples else None for name in groups}
    if not samples:
        return GroupGap(means, None, None, None, None, None, None, None)
    highest = max(samples, key=lambda name: samples[name].mean)
    lowest = min(samples, key=lambda name: samples[name].mean)
    gap = samples[highest].mean - samples[lowest].mean
    several = len(samples) > 1
    return GroupGap(
        means=means,
        highest=highest,
        lowest=lowest,
        gap=gap,
        exceeds_threshold=gap > threshold + _ROUNDING,
        welch=_welch_t(samples[highest], samples[lowest], confidence) if several else None,
        anova=_anova(list(samples.values())),
        welch_anova=_welch_anova(list(samples.values())),
    )


def adjust_p_values(p_values: Sequence[float], alpha: float = 0.05) -> AdjustedPValues:
    """Return Holm (1979), Benjamini-Hochberg (1995) and Bonferroni adjusted p-values."""
    for p_value in p_values:
        require_share(p_value, "p-value")
    k = len(p_values)
    holm = _running(p_values, lambda rank: k - rank, rising=True)
    return AdjustedPValues(
        holm=holm,
        benjamini_hochberg=_running(p_values, lambda rank: k / (rank + 1), rising=False),
        bonferroni=tuple(min(1.0, k * p_value) for p_value in p_values),
        rejected_by_holm=tuple(p_value <= alpha + _ROUNDING**2 for p_value in holm),
    )


def _running(p_values: Sequence[float], factor: Callable[[int], float], *, rising: bool) -> tuple[float, ...]:
    """Multiply each sorted p by its rank's factor and keep the running extreme, so that order is kept."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    adjusted = [0.0] * len(p_values)
    extreme = 0.0 if rising else 1.0
    for rank in range(len(order)) if rising else reversed(range(len(order))):
        value = min(1.0, factor(rank) * p_values[order[rank]])
        extreme = max(extreme, value) if rising else min(extreme, value)
        adjusted[order[rank]] = extreme
    return tuple(adjusted)


def _samples(groups: Mapping[str, Sequence[int]]) -> dict[str, _Sample]:
    samples = {}
    for name, counts in groups.items():
        n, mean, variance = moments(counts)
        if mean is not None:
            samples[name] = _Sample(n, mean, variance)
    return samples


def _welch_t(first: _Sample, second: _Sample, confidence: float) -> WelchTest | None:
    """Return Welch (1947); None when a group has one answer or neither varies."""
    if first.variance is None or second.variance is None or first.variance + second.variance == 0:
        return None
    part1, part2 = first.variance / first.n, second.variance / second.n
    se = math.sqrt(part1 + part2)
    degrees = (part1 + part2) ** 2 / (part1**2 / (first.n - 1) + part2**2 / (second.n - 1))
    difference = first.mean - second.mean
    return WelchTest(
        t=difference / se,
        degrees=degrees,
        p_value=t_two_sided_p(difference / se, degrees),
        interval=Interval.around(difference, critical_t(confidence, degrees) * se),
    )


def _anova(samples: Sequence[_Sample]) -> AnovaTest | None:
    """Return Fisher's one-way F; None without two groups, spare answers and variation within."""
    k, n = len(samples), sum(sample.n for sample in samples)
    within = sum((sample.n - 1) * (sample.variance or 0.0) for sample in samples)
    if k < _LEAST_GROUPS or n <= k or within == 0:
        return None
    grand = sum(sample.n * sample.mean for sample in samples) / n
    between = sum(sample.n * (sample.mean - grand) ** 2 for sample in samples)
    f = between / (k - 1) / (within / (n - k))
    return AnovaTest(f=f, p_value=f_upper_tail(f, k - 1, n - k))


def _welch_anova(samples: Sequence[_Sample]) -> AnovaTest | None:
    """Return Welch (1951); None unless every one of two or more groups varies."""
    k = len(samples)
    known = [(sample, sample.n / sample.variance) for sample in samples if sample.variance]
    if k < _LEAST_GROUPS or len(known) < k:
        return None
    total = sum(weight for _, weight in known)
    grand = sum(weight * sample.mean for sample, weight in known) / total
    between = sum(weight * (sample.mean - grand) ** 2 for sample, weight in known) / (k - 1)
    lack = sum((1 - weight / total) ** 2 / (sample.n - 1) for sample, weight in known)
    f = between / (1 + 2 * (k - 2) / (k * k - 1) * lack)
    return AnovaTest(f=f, p_value=f_upper_tail(f, k - 1, (k * k - 1) / (3 * lack)))
