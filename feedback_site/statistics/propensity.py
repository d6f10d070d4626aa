"""R-indicators: how evenly people respond.

Schouten, Cobben & Bethlehem 2009; Schouten, Shlomo & Skinner 2011.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedback_site.statistics.linear_algebra import solve_symmetric
from feedback_site.statistics.validation import require, require_counts

_MAX_STEPS = 100
_CONVERGED = 1e-9
_FARTHEST = 1e-14


@dataclass(frozen=True, slots=True)
class PropensityCell:
    """Invited people alike in every variable: their categories, number invited and number responded."""

    categories: Mapping[str, str]
    invited: int
    responded: int


@dataclass(frozen=True, slots=True)
class PartialIndicator:
    """Unconditional partial indicators; a negative category is under-represented."""

    variable: float
    categories: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ResponseIndicator:
    """R = 1 - 2 S; cv bounds the standardised bias of any respondent mean.

    Conditional only with two variables or more.

    S and R are None with fewer than two invited, cv also without responses.
    """

    mean_propensity: float | None
    propensities: tuple[float | None, ...]
    spread: float | None
    r: float | None
    cv: float | None
    unconditional: Mapping[str, PartialIndicator]
    conditional: Mapping[str, float | None]


def response_indicator(variables: Sequence[str], cells: Sequence[PropensityCell]) -> ResponseIndicator:
    """Return R-indicator and partials from main-effects logistic propensities (one variable: observed rates).

    ValueError when more responded than were invited, or a cell lacks a variable.
    """
    _require_cells(variables, cells)
    total = sum(cell.invited for cell in cells)
    if total == 0:
        return ResponseIndicator(None, (None,) * len(cells), None, None, None, {}, {})
    propensities = fit_propensities(variables, cells)
    fitted = [(cell, rho) for cell, rho in zip(cells, propensities, strict=True) if rho is not None]
    used = [(cell, rho) for cell, rho in fitted if cell.invited]
    mean = sum(cell.invited * rho for cell, rho in used) / total
    spread = _spread([(cell.invited, rho - mean) for cell, rho in used], total)
    several = len(variables) > 1
    return ResponseIndicator(
        mean_propensity=mean,
        propensities=tuple(propensities),
        spread=spread,
        r=None if spread is None else 1 - 2 * spread,
        cv=spread / mean if spread is not None and any(cell.responded for cell in cells) else None,
        unconditional={name: _unconditional(name, used, mean, total) for name in variables},
        conditional={name: _conditional(name, variables, used, total) for name in variables}
        if several
        else {},
    )


def fit_propensities(variables: Sequence[str], cells: Sequence[PropensityCell]) -> list[float | None]:
    """Return the fitted propensity per cell; None for an empty cell of a single variable.

    Logistic regression with main effects by iteratively reweighted least squares (McCullagh & Nelder 1989).
    """
    if len(variables) == 1:
        pooled: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for cell in cells:
            counts = pooled[cell.categories[variables[0]]]
            counts[0] += cell.invited
            counts[1] += cell.responded
        rates = {name: yes / n if n else None for name, (n, yes) in pooled.items()}
        return [rates[cell.categories[variables[0]]] for cell in cells]
    design = _design(variables, cells)
    fitted = [(cell.responded + 0.5) / (cell.invited + 1) for cell in cells]
    for _ in range(_MAX_STEPS):
        following = _step(design, cells, fitted)
        moved = max(abs(new - old) for new, old in zip(following, fitted, strict=True))
        fitted = following
        if moved < _CONVERGED:
            break
    return list(fitted)


def _step(
    design: Sequence[Sequence[float]], cells: Sequence[PropensityCell], fitted: Sequence[float]
) -> list[float]:
    width = len(design[0])
    matrix = [[0.0] * width for _ in range(width)]
    right = [0.0] * width
    for row, cell, mu in zip(design, cells, fitted, strict=True):
        slope = mu * (1 - mu)
        weight = cell.invited * slope
        response = weight * math.log(mu / (1 - mu)) + cell.responded - cell.invited * mu
        for i, x in enumerate(row):
            if x:
                right[i] += x * response
                for j, y in enumerate(row):
                    matrix[i][j] += weight * x * y
    # A column explained by the others has no coefficient of its own.
    coefficients = [value or 0.0 for value in solve_symmetric(matrix, right)]
    return [_logistic(sum(x * c for x, c in zip(row, coefficients, strict=True))) for row in design]


def _logistic(value: float) -> float:
    # Kept off 0 and 1: where all or none responded the estimate lies at infinity.
    probability = 1 / (1 + math.exp(-value)) if value > 0 else math.exp(value) / (1 + math.exp(value))
    return min(1 - _FARTHEST, max(_FARTHEST, probability))


def _design(variables: Sequence[str], cells: Sequence[PropensityCell]) -> list[list[float]]:
    columns = []
    for name in variables:
        levels = list(dict.fromkeys(cell.categories[name] for cell in cells))
        columns += [(name, level) for level in levels[1:]]
    return [[1.0, *(float(cell.categories[name] == level) for name, level in columns)] for cell in cells]


def _spread(deviations: Sequence[tuple[int, float]], total: int) -> float | None:
    return math.sqrt(sum(n * gap * gap for n, gap in deviations) / (total - 1)) if total > 1 else None


def _unconditional(
    name: str, used: Sequence[tuple[PropensityCell, float]], mean: float, total: int
) -> PartialIndicator:
    means = _means(used, [name])
    shares = {key: n / total for key, (n, _) in means.items()}
    categories = {key[0]: math.sqrt(shares[key]) * (rho - mean) for key, (_, rho) in means.items()}
    return PartialIndicator(
        variable=math.sqrt(sum(value * value for value in categories.values())), categories=categories
    )


def _conditional(
    name: str, variables: Sequence[str], used: Sequence[tuple[PropensityCell, float]], total: int
) -> float | None:
    others = [other for other in variables if other != name]
    means = _means(used, others)
    return _spread([(cell.invited, rho - means[_key(cell, others)][1]) for cell, rho in used], total)


def _means(
    used: Sequence[tuple[PropensityCell, float]], names: Sequence[str]
) -> dict[tuple[str, ...], tuple[int, float]]:
    """Return invited and mean propensity per combination of the named variables."""
    sums: defaultdict[tuple[str, ...], list[tuple[int, float]]] = defaultdict(list)
    for cell, rho in used:
        sums[_key(cell, names)].append((cell.invited, rho))
    counts = {key: sum(n for n, _ in members) for key, members in sums.items()}
    return {
        key: (counts[key], sum(n * rho for n, rho in members) / counts[key]) for key, members in sums.items()
    }


def _key(cell: PropensityCell, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.categories[name] for name in names)


def _require_cells(variables: Sequence[str], cells: Sequence[PropensityCell]) -> None:
    require(bool(variables), "at least one variable is needed")
    for cell in cells:
        require_counts([cell.invited, cell.responded], "invited and responded")
        require(cell.responded <= cell.invited, "responded must not exceed invited")
        require(set(variables) <= set(cell.categories), "every cell needs a category of every variable")
