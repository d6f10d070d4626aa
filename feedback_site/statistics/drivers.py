"""Key drivers: how much of the outcome's variance each driver explains when drivers move together."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from feedback_site.statistics.linear_algebra import solve_regular, symmetric_eigen
from feedback_site.statistics.validation import require, require_finite, require_same_length

_MOST_DRIVERS = 12
_SINGULAR = 1e-10


@dataclass(frozen=True, slots=True)
class KeyDrivers:
    """Shares of R^2 per driver, which add up to R^2, and standardised coefficients."""

    n: int
    r_squared: float
    lmg: Mapping[str, float]
    relative_weights: Mapping[str, float]
    standardised_beta: Mapping[str, float]


def key_drivers(outcome: Sequence[float], drivers: Mapping[str, Sequence[float]]) -> KeyDrivers:
    """Return LMG / Shapley shares and relative weights.

    Lindeman, Merenda & Gold 1980; Johnson 2000 and Genizi 1993.

    One value per respondent in every column. ValueError when a column does not vary, drivers repeat one
    another, there are not more respondents than drivers, or more than 12 drivers (2^k regressions).
    """
    columns = list(drivers.values())
    require(0 < len(columns) <= _MOST_DRIVERS, f"between 1 and {_MOST_DRIVERS} drivers are possible")
    for column in columns:
        require_same_length(column, outcome, "driver and outcome")
    require(len(outcome) > len(columns), "more respondents than drivers are needed")
    standard = [_standardised(column) for column in (*columns, outcome)]
    *inputs, result = standard
    within = [[_dot(first, second) for second in inputs] for first in inputs]
    toward = [_dot(column, result) for column in inputs]
    beta = solve_regular(within, toward)
    return KeyDrivers(
        n=len(outcome),
        r_squared=_dot(beta, toward),
        lmg=dict(zip(drivers, _shapley(within, toward), strict=True)),
        relative_weights=dict(zip(drivers, _relative_weights(within, toward), strict=True)),
        standardised_beta=dict(zip(drivers, beta, strict=True)),
    )


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Return Pearson's r; None when one of the two does not vary."""
    require_same_length(first, second, "both columns")
    try:
        return max(-1.0, min(1.0, _dot(_standardised(first), _standardised(second))))
    except _ConstantColumnError:
        return None


class _ConstantColumnError(ValueError):
    """A column that does not vary correlates with nothing."""


def _standardised(column: Sequence[float]) -> list[float]:
    """Return the column centred and scaled to length 1, so that dot products are correlations."""
    require_finite(column, "values")
    mean = math.fsum(column) / len(column) if column else 0.0
    centred = [value - mean for value in column]
    length = math.hypot(*centred)
    if length <= _SINGULAR * (1 + abs(mean)):
        message = "a column does not vary"
        raise _ConstantColumnError(message)
    return [value / length for value in centred]


def _dot(first: Sequence[float], second: Sequence[float]) -> float:
    return math.fsum(x * y for x, y in zip(first, second, strict=True))


def _explained(within: Sequence[Sequence[float]], toward: Sequence[float]) -> dict[frozenset[int], float]:
    """Return R^2 of every set of drivers."""
    size = len(toward)
    explained = {frozenset[int](): 0.0}
    for count in range(1, size + 1):
        for members in combinations(range(size), count):
            right = [toward[i] for i in members]
            matrix = [[within[i][j] for j in members] for i in members]
            explained[frozenset(members)] = _dot(solve_regular(matrix, right), right)
    return explained


def _shapley(within: Sequence[Sequence[float]], toward: Sequence[float]) -> list[float]:
    """Return the average gain in R^2 over all orders of entry."""
    size = len(toward)
    explained = _explained(within, toward)
    shares = [0.0] * size
    for members, value in explained.items():
        for j in members:
            order_share = (
                math.factorial(len(members) - 1) * math.factorial(size - len(members)) / math.factorial(size)
            )
            shares[j] += order_share * (value - explained[members - {j}])
    return shares


def _relative_weights(within: Sequence[Sequence[float]], toward: Sequence[float]) -> list[float]:
    """Return sum_k L_jk^2 b_k^2 with L the symmetric root of the drivers' correlations and b = L^-1 r."""
    values, vectors = symmetric_eigen(within)
    size = len(toward)
    roots = [math.sqrt(max(value, 0.0)) for value in values]
    turned = [_dot([vectors[i][k] for i in range(size)], toward) for k in range(size)]
    b = [sum(vectors[j][k] / roots[k] * turned[k] for k in range(size)) for j in range(size)]
    root = [
        [sum(vectors[j][m] * roots[m] * vectors[k][m] for m in range(size)) for k in range(size)]
        for j in range(size)
    ]
    return [sum((root[j][k] * b[k]) ** 2 for k in range(size)) for j in range(size)]
