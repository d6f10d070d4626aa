"""Allocation of a sample to strata, and the criteria a sample must meet."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback_site.statistics.validation import (
    require,
    require_counts,
    require_not_negative,
    require_same_length,
)

_TIE_DIGITS = 9


@dataclass(frozen=True, slots=True)
class SegmentCoverage:
    """One segment of the customers: how many there are and how many were sampled."""

    population: int
    sample: int


@dataclass(frozen=True, slots=True)
class SampleCriteria:
    """Shares in 0-1 (None without a base) and what they satisfy."""

    size_share: float | None
    complainant_share: float | None
    size_ok: bool
    complainant_ok: bool
    uncovered_segments: tuple[str, ...]

    @property
    def met(self) -> bool:
        """Either criterion suffices."""
        return self.size_ok or self.complainant_ok

    @property
    def coverage_ok(self) -> bool:
        """Every segment that exists was sampled."""
        return not self.uncovered_segments


def proportional_allocation(populations: Sequence[int], n: int) -> list[float]:
    """Return n N_h / N per stratum, as fractions."""
    require_counts(populations, "populations")
    require_counts([n], "n")
    total = sum(populations)
    require(total > 0, "at least one stratum must have a population")
    return [n * population / total for population in populations]


def neyman_allocation(
    populations: Sequence[int], deviations: Sequence[float], n: int, *, capped: bool = True
) -> list[float] | None:
    """Return n N_h S_h / sum N S per stratum (Neyman 1934), as fractions; None when nothing varies.

    Capped, a stratum asked for more than it has is taken
    whole and the rest is allocated again among the others.
    """
    require_counts(populations, "populations")
    require_counts([n], "n")
    require_not_negative(deviations, "deviations")
    require_same_length(populations, deviations, "populations and deviations")
    sizes = [population * deviation for population, deviation in zip(populations, deviations, strict=True)]
    if sum(sizes) == 0:
        return None
    allocation = [n * size / sum(sizes) for size in sizes]
    return _capped(allocation, sizes, populations, n) if capped else allocation


def round_allocation(allocation: Sequence[float]) -> list[int]:
    """Round to whole numbers with the same total by largest remainder, ties to the earlier stratum."""
    require_not_negative(allocation, "allocation")
    whole = [math.floor(round(value, _TIE_DIGITS)) for value in allocation]
    missing = round(sum(allocation)) - sum(whole)
    order = sorted(range(len(whole)), key=lambda h: (-round(allocation[h] - whole[h], _TIE_DIGITS), h))
    for h in order[:missing]:
        whole[h] += 1
    return whole


def stratified_standard_error(
    populations: Sequence[int], deviations: Sequence[float], allocation: Sequence[float]
) -> float | None:
    """Return sqrt(sum W_h^2 (1 - n_h/N_h) S_h^2 / n_h); None when a varying stratum gets no sample."""
    total = sum(populations)
    variance = 0.0
    for population, deviation, n in zip(populations, deviations, allocation, strict=True):
        if population == 0 or deviation == 0:
            continue
        if n <= 0:
            return None
        variance += (population / total * deviation) ** 2 * max(0.0, 1 - n / population) / n
    return math.sqrt(variance)


def check_sample(
    *,
    customers: int,
    sample: int,
    complainants: int,
    sampled_complainants: int,
    segments: Mapping[str, SegmentCoverage],
    customer_percent: int = 5,
    complainant_percent: int = 30,
) -> SampleCriteria:
    """Check the shares of all customers or of recent complainants (both inclusive), and segment coverage."""
    require_counts([customers, sample, complainants, sampled_complainants], "customers and complainants")
    for segment in segments.values():
        require_counts([segment.population, segment.sample], "segment counts")
    peopled = {name: segment for name, segment in segments.items() if segment.population > 0}
    # Whole-number comparisons: exactly the percentage must pass, whatever binary fractions say.
    return SampleCriteria(
        size_share=sample / customers if customers else None,
        complainant_share=sampled_complainants / complainants if complainants else None,
        size_ok=customers > 0 and 100 * sample >= customer_percent * customers,
        complainant_ok=complainants > 0 and 100 * sampled_complainants >= complainant_percent * complainants,
        uncovered_segments=tuple(name for name, segment in peopled.items() if segment.sample == 0),
    )


def _capped(
    allocation: list[float], sizes: Sequence[float], populations: Sequence[int], n: int
) -> list[float]:
    """Cap at the stratum's population and hand the rest to the open strata until nothing overflows."""
    closed: set[int] = set()
    # A closed stratum holds exactly its population, so only open ones can overflow.
    while over := {h for h, value in enumerate(allocation) if value > populations[h]}:
        closed |= over
        left = n - sum(populations[h] for h in closed)
        open_size = sum(size for h, size in enumerate(sizes) if h not in closed)
        allocation = [
            populations[h] if h in closed else (left * size / open_size if open_size else 0.0)
            for h, size in enumerate(sizes)
        ]
    return [float(value) for value in allocation]
