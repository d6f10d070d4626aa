"""Estimates for the whole population from strata: stratified samples and post-stratified means."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from feedback_site.statistics.distributions import critical_z
from feedback_site.statistics.intervals import Interval
from feedback_site.statistics.net_promoter import split_counts
from feedback_site.statistics.validation import require, require_counts, require_finite, require_not_negative
from feedback_site.statistics.weighting import DesignEffect, design_effect


@dataclass(frozen=True, slots=True)
class Stratum:
    """A segment's population and its sampled answers: number, mean and sum of squared deviations."""

    population: int
    n: int
    mean: float
    squared_deviations: float


@dataclass(frozen=True, slots=True)
class StratifiedEstimate:
    """Weighted estimate in points; None wherever a stratum leaves it unknown."""

    unweighted: float | None
    weighted: float | None
    se: float | None
    se_without_correction: float | None
    interval: Interval | None
    design_effect: DesignEffect | None


@dataclass(frozen=True, slots=True)
class PostStratum:
    """A post-stratum: answers, their mean and standard deviation (None without them), and its population."""

    n: int
    mean: float | None
    sd: float | None
    population: int


@dataclass(frozen=True, slots=True)
class PoststratifiedMean:
    """Mean before and after post-stratification; None wherever a group leaves it unknown."""

    unweighted: float | None
    mean: float | None
    se: float | None


def net_promoter_stratum(population: int, counts: Sequence[int]) -> Stratum:
    """Return the stratum of a 0-10 question, scored +100, 0, -100."""
    promoters, passives, detractors = split_counts(counts)
    return _scored(population, [(100.0, promoters), (0.0, passives), (-100.0, detractors)])


def satisfied_stratum(population: int, counts: Sequence[int], *, box: int = 2) -> Stratum:
    """Return the stratum of a rating scale, scored 100 in the top ``box`` and 0 below."""
    require_counts(counts)
    return _scored(population, [(100.0, sum(counts[-box:])), (0.0, sum(counts[:-box]))])


def stratified_estimate(strata: Sequence[Stratum], confidence: float = 0.95) -> StratifiedEstimate:
    """Return sum (N_h/N) ybar_h with its standard error (Cochran 1977, chapter 5).

    ValueError when a stratum has more answers than people. A stratum with people but no answers makes the
    estimate unknown; one with a single answer (and more people) makes the error unknown.
    """
    for stratum in strata:
        require(stratum.n <= stratum.population, "a stratum must not have more answers than people")
    answered = [stratum for stratum in strata if stratum.n]
    n = sum(stratum.n for stratum in answered)
    unweighted = sum(stratum.n * stratum.mean for stratum in answered) / n if n else None
    weights = [stratum.population / stratum.n for stratum in answered]
    deff = design_effect(weights, [stratum.n for stratum in answered]) if n else None
    total = sum(stratum.population for stratum in strata)
    if not n or any(stratum.population and not stratum.n for stratum in strata):
        return StratifiedEstimate(unweighted, None, None, None, None, deff)
    weighted = sum(stratum.population / total * stratum.mean for stratum in answered)
    se = _stratified_error(answered, total, corrected=True)
    interval = None if se is None else Interval.around(weighted, critical_z(confidence) * se)
    without = _stratified_error(answered, total, corrected=False)
    return StratifiedEstimate(unweighted, weighted, se, without, interval, deff)


def poststratified_mean(groups: Sequence[PostStratum]) -> PoststratifiedMean:
    """Return sum (N_h/N) ybar_h of a simple random sample weighted afterwards.

    Standard error: conditional linearised, without finite population correction (Lumley 2010, R survey).
    """
    require_counts((group.n for group in groups), "group sizes")
    require_counts((group.population for group in groups), "group populations")
    answered = [(group, _known(group.mean, "mean")) for group in groups if group.n]
    n = sum(group.n for group, _ in answered)
    total = sum(group.population for group in groups)
    unweighted = sum(group.n * mean for group, mean in answered) / n if n else None
    if not n or not total or any(group.population and not group.n for group in groups):
        return PoststratifiedMean(unweighted=unweighted, mean=None, se=None)
    mean = sum(group.population / total * group_mean for group, group_mean in answered)
    return PoststratifiedMean(unweighted=unweighted, mean=mean, se=_poststratified_error(groups, n, total))


def _poststratified_error(groups: Sequence[PostStratum], n: int, total: int) -> float | None:
    if n == 1:
        return None
    variance = 0.0
    for group in groups:
        if group.n > 1:
            sd = _known(group.sd, "sd")
            variance += (group.population / total) ** 2 * (group.n - 1) * sd**2 / group.n**2
    return math.sqrt(n / (n - 1) * variance)


def _known(value: float | None, name: str) -> float:
    if value is None:
        message = f"{name} must be given for a group with answers"
        raise ValueError(message)
    require_finite([value], name)
    return value


def _scored(population: int, scores: Sequence[tuple[float, int]]) -> Stratum:
    require_not_negative([population], "population")
    n = sum(count for _, count in scores)
    if n == 0:
        return Stratum(population=population, n=0, mean=0.0, squared_deviations=0.0)
    mean = sum(score * count for score, count in scores) / n
    return Stratum(population, n, mean, sum(count * (score - mean) ** 2 for score, count in scores))


def _stratified_error(strata: Sequence[Stratum], total: int, *, corrected: bool) -> float | None:
    variance = 0.0
    for stratum in strata:
        left = 1 - stratum.n / stratum.population if corrected else 1.0
        if left == 0:
            # All customers were asked, so this stratum adds no sampling error.
            continue
        if stratum.n == 1:
            return None
        spread = stratum.squared_deviations / (stratum.n - 1)
        variance += (stratum.population / total) ** 2 * left * spread / stratum.n
    return math.sqrt(variance)
