"""Weights: raking to margins, trimming, and what unequal weights cost (Kish's design effect)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback_site.statistics.validation import (
    require,
    require_counts,
    require_finite,
    require_not_negative,
    require_positive,
)

_CONVERGED = 1e-11
_ACCEPTED = 1e-8
_NO_FIT = "raking did not converge: no weights fit every margin"
_MAX_CYCLES = 20_000
_MAX_PASSES = 100_000
_TRIM_TOLERANCE = 1e-13


@dataclass(frozen=True, slots=True)
class DesignEffect:
    """Loss of precision by unequal weights: deff >= 1 and the effective number of answers."""

    deff: float
    effective_n: float


@dataclass(frozen=True, slots=True)
class RakingCell:
    """Respondents alike in every raking variable: their categories, number, base weight and mean answer."""

    categories: Mapping[str, str]
    n: int
    base: float = 1.0
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class RakedWeights:
    """Final weight of one unit per cell, in input order, with what the weights cost and change."""

    weights: tuple[float, ...]
    total: float
    design_effect: DesignEffect
    max_over_mean: float
    weighted_mean: float | None
    unweighted_mean: float | None


def design_effect(weights: Sequence[float], frequencies: Sequence[int] | None = None) -> DesignEffect:
    """Return n sum w^2 / (sum w)^2 = 1 + CV^2 (Kish 1965) and n / deff.

    ``frequencies`` counts the units that share a weight. ValueError on negative weights or a total of 0.
    """
    counts = frequencies if frequencies is not None else [1] * len(weights)
    require_not_negative(weights, "weights")
    require_counts(counts, "frequencies")
    n = sum(counts)
    total = sum(weight * count for weight, count in zip(weights, counts, strict=True))
    require(total > 0, "weights must not all be 0")
    squares = sum(weight * weight * count for weight, count in zip(weights, counts, strict=True))
    deff = n * squares / total**2
    return DesignEffect(deff=deff, effective_n=n / deff)


def trim_weights(
    weights: Sequence[float], upper: float | None = None, lower: float | None = None
) -> list[float]:
    """Clip to [lower, upper] and spread the excess equally over the weights inside, until none is outside.

    The sum is kept (R survey, trimWeights(strict=TRUE));
    ValueError when no weights within the bounds have that sum.
    """
    require_positive(weights, "weights")
    low = float("-inf") if lower is None else lower
    high = float("inf") if upper is None else upper
    require(low <= high, f"lower must not exceed upper, got {lower} and {upper}")
    total, n = sum(weights), len(weights)
    slack = _TRIM_TOLERANCE * (1 + total)
    require(
        not weights or n * low <= total + slack, "the sum of the weights is too small for the lower bound"
    )
    require(
        not weights or n * high >= total - slack, "the sum of the weights is too large for the upper bound"
    )
    current = list(weights)
    for _ in range(_MAX_PASSES):
        if all(low - slack <= weight <= high + slack for weight in current):
            break
        current = _trim_once(current, low, high)
    return [min(high, max(low, weight)) for weight in current]


def rake(cells: Sequence[RakingCell], margins: Mapping[str, Mapping[str, float]]) -> RakedWeights:
    """Fit the weights to every margin in turn until all hold (Deming & Stephan 1940).

    ``margins`` maps variable -> category -> population total. ValueError when a category with a total has no
    respondent, a cell's category has no total, the margins disagree, or no fit exists.
    """
    _require_fit(cells, margins)
    weights = [cell.base for cell in cells]
    error = math.inf
    for _ in range(_MAX_CYCLES):
        for variable, totals in margins.items():
            factors = _factors(cells, weights, variable, totals)
            weights = [w * factors[cell.categories[variable]] for w, cell in zip(weights, cells, strict=True)]
        error = _largest_error(cells, weights, margins)
        if error < _CONVERGED:
            return _raked(cells, weights)
        # Where empty cells rule out every fit, some weights grow without end and others vanish.
        require(math.isfinite(error), _NO_FIT)
    require(error < _ACCEPTED, _NO_FIT)
    return _raked(cells, weights)


def _trim_once(weights: list[float], low: float, high: float) -> list[float]:
    clipped = [min(high, max(low, weight)) for weight in weights]
    excess = sum(weights) - sum(clipped)
    inside = [low <= weight <= high for weight in weights]
    if not any(inside):
        # No weight was inside: the excess goes to those whose bound leaves room for it.
        inside = [weight < high if excess > 0 else weight > low for weight in clipped]
    share = excess / sum(inside)
    return [weight + share if free else weight for weight, free in zip(clipped, inside, strict=True)]


def _require_fit(cells: Sequence[RakingCell], margins: Mapping[str, Mapping[str, float]]) -> None:
    require(sum(cell.n for cell in cells) > 0, "raking needs respondents")
    require_counts((cell.n for cell in cells), "cell counts")
    require_positive((cell.base for cell in cells), "base weights")
    require_finite((cell.mean for cell in cells if cell.mean is not None), "cell means")
    sums = []
    for variable, totals in margins.items():
        require_not_negative(totals.values(), f"margin {variable}")
        present = {cell.categories[variable] for cell in cells if cell.n}
        unknown = {cell.categories[variable] for cell in cells} - set(totals)
        empty = sorted({name for name, total in totals.items() if total > 0} - present)
        require(not empty, f"no answers in {variable}: {', '.join(empty)}")
        require(not unknown, f"no margin in {variable} for: {', '.join(sorted(unknown))}")
        sums.append(sum(totals.values()))
    require(bool(sums) and min(sums) > 0, "margins must have a total above 0")
    require(max(sums) - min(sums) <= 1e-6 * max(sums), "margins must have the same total")


def _category_sums(cells: Sequence[RakingCell], weights: Sequence[float], variable: str) -> dict[str, float]:
    sums: dict[str, float] = {}
    for cell, weight in zip(cells, weights, strict=True):
        category = cell.categories[variable]
        sums[category] = sums.get(category, 0.0) + cell.n * weight
    return sums


def _factors(
    cells: Sequence[RakingCell], weights: Sequence[float], variable: str, totals: Mapping[str, float]
) -> dict[str, float]:
    sums = _category_sums(cells, weights, variable)
    return {name: totals[name] / total if total > 0 else 1.0 for name, total in sums.items()}


def _largest_error(
    cells: Sequence[RakingCell], weights: Sequence[float], margins: Mapping[str, Mapping[str, float]]
) -> float:
    errors = [0.0]
    for variable, totals in margins.items():
        sums = _category_sums(cells, weights, variable)
        errors.extend(abs(sums[name] / total - 1) for name, total in totals.items() if total > 0)
    return math.inf if any(map(math.isnan, errors)) else max(errors)


def _raked(cells: Sequence[RakingCell], weights: Sequence[float]) -> RakedWeights:
    counts = [cell.n for cell in cells]
    total = sum(n * weight for n, weight in zip(counts, weights, strict=True))
    largest = max(weight for n, weight in zip(counts, weights, strict=True) if n)
    return RakedWeights(
        weights=tuple(weights),
        total=total,
        design_effect=design_effect(weights, counts),
        max_over_mean=largest * sum(counts) / total,
        weighted_mean=_mean(cells, weights),
        unweighted_mean=_mean(cells, [1.0] * len(cells)),
    )


def _mean(cells: Sequence[RakingCell], weights: Sequence[float]) -> float | None:
    """Return the weighted mean answer; None when a cell with respondents has no mean."""
    taken = [(cell.n * weight, cell.mean) for cell, weight in zip(cells, weights, strict=True) if cell.n]
    known = [(weight, mean) for weight, mean in taken if mean is not None]
    if len(known) < len(taken):
        return None
    return sum(weight * mean for weight, mean in known) / sum(weight for weight, _ in known)
