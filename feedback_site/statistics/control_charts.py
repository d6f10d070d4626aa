"""Early warning: p-chart of a share, EWMA and CUSUM of a mean.

Signals are 1-based positions in the series.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from feedback_site.statistics.validation import (
    require,
    require_counts,
    require_finite,
    require_not_negative,
    require_positive,
    require_same_length,
)


@dataclass(frozen=True, slots=True)
class ProportionChart:
    """Centre and limits in 0-1; None where there are no answers to plot."""

    centre: float | None
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    signals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MovingAverageChart:
    """Exponentially weighted moving average with its limits."""

    values: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    signals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CumulativeSumChart:
    """Upward and downward cumulated sums, in standard errors."""

    rising: tuple[float, ...]
    falling: tuple[float, ...]
    signals: tuple[int, ...]


def proportion_chart(
    successes: Sequence[int], sizes: Sequence[int], baseline_periods: int | None = None, width: float = 3.0
) -> ProportionChart:
    """Return a Shewhart p-chart; signals are strictly outside the limits.

    The limits come from the first ``baseline_periods`` (all by default).
    """
    require_same_length(successes, sizes, "successes and sizes")
    require_counts([*successes, *sizes], "successes and sizes")
    require(all(x <= n for x, n in zip(successes, sizes, strict=True)), "successes must not exceed sizes")
    base = sum(sizes[:baseline_periods])
    if base == 0:
        unknown = (None,) * len(sizes)
        return ProportionChart(centre=None, lower=unknown, upper=unknown, signals=())
    centre = sum(successes[:baseline_periods]) / base
    margins = [width * math.sqrt(centre * (1 - centre) / n) if n else None for n in sizes]
    lower = tuple(None if margin is None else max(0.0, centre - margin) for margin in margins)
    upper = tuple(None if margin is None else min(1.0, centre + margin) for margin in margins)
    outside = [
        low is not None and high is not None and not low <= x / n <= high
        for x, n, low, high in zip(successes, sizes, lower, upper, strict=True)
    ]
    return ProportionChart(centre=centre, lower=lower, upper=upper, signals=_positions(outside))


def moving_average_chart(
    values: Sequence[float], target: float, sigma: float, smoothing: float = 0.2, width: float = 2.962
) -> MovingAverageChart:
    """Return an EWMA chart with exact limits (Roberts 1959; Lucas & Saccucci 1990).

    ``sigma`` is the standard error of a plotted point, ``smoothing`` lies in (0, 1].
    """
    require_finite([*values, target, width], "values, target and width")
    require_positive([sigma], "sigma")
    require(0 < smoothing <= 1, f"smoothing must lie above 0 and up to 1, got {smoothing}")
    smoothed: list[float] = []
    margins: list[float] = []
    for i, value in enumerate(values, start=1):
        previous = smoothed[-1] if smoothed else target
        smoothed.append(smoothing * value + (1 - smoothing) * previous)
        share = smoothing / (2 - smoothing) * (1 - (1 - smoothing) ** (2 * i))
        margins.append(width * sigma * math.sqrt(share))
    lower = tuple(target - margin for margin in margins)
    upper = tuple(target + margin for margin in margins)
    outside = [not low <= z <= high for z, low, high in zip(smoothed, lower, upper, strict=True)]
    return MovingAverageChart(values=tuple(smoothed), lower=lower, upper=upper, signals=_positions(outside))


def cumulative_sum_chart(
    values: Sequence[float], target: float, sigma: float, slack: float = 0.5, decision: float = 5.0
) -> CumulativeSumChart:
    """Return a two-sided tabular CUSUM (Page 1954) in standard errors.

    A signal is strictly above ``decision``.
    """
    require_finite([*values, target], "values and target")
    require_positive([sigma], "sigma")
    require_not_negative([slack, decision], "slack and decision")
    rising: list[float] = []
    falling: list[float] = []
    for value in values:
        step = (value - target) / sigma
        rising.append(max(0.0, (rising[-1] if rising else 0.0) + (step - slack)))
        falling.append(max(0.0, (falling[-1] if falling else 0.0) - (step + slack)))
    signalled = [max(up, down) > decision for up, down in zip(rising, falling, strict=True)]
    return CumulativeSumChart(rising=tuple(rising), falling=tuple(falling), signals=_positions(signalled))


def _positions(flags: Sequence[bool]) -> tuple[int, ...]:
    return tuple(i for i, flag in enumerate(flags, start=1) if flag)
