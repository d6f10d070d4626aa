"""Seasons in a series of periods: change on the year before, trend, seasonal effects."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback_site.statistics.validation import require, require_finite

_LEAST_CYCLES = 2


@dataclass(frozen=True, slots=True)
class Seasonality:
    """One value per period, None where it cannot be known; effects per season from the first period on."""

    year_on_year: tuple[float | None, ...]
    trend: tuple[float | None, ...]
    effects: tuple[float | None, ...]


def decompose(values: Sequence[float | None], period: int) -> Seasonality:
    """Return the classical additive decomposition with ``period`` seasons.

    Hyndman & Athanasopoulos 2021, 3.4.

    Trend: centred moving average. Effects: mean detrended value per season, centred to sum 0;
    they need two full cycles. A missing period is None and leaves unknown whatever depends on it.
    """
    require(period >= 1, f"period must be at least 1, got {period}")
    require_finite((value for value in values if value is not None), "values")
    trend = [_centred_mean(values, i, period) for i in range(len(values))]
    return Seasonality(
        year_on_year=tuple(
            _minus(value, values[i - period] if i >= period else None) for i, value in enumerate(values)
        ),
        trend=tuple(trend),
        effects=_effects(values, trend, period),
    )


def _centred_mean(values: Sequence[float | None], i: int, period: int) -> float | None:
    half = period // 2
    if i < half or i + half >= len(values):
        return None
    window = [value for value in values[i - half : i + half + 1] if value is not None]
    if len(window) < 2 * half + 1:
        return None
    # An even cycle has no middle, so its two ends count half each.
    ends = 0.0 if period % 2 else (window[0] + window[-1]) / 2
    return (sum(window) - ends) / period


def _effects(
    values: Sequence[float | None], trend: Sequence[float | None], period: int
) -> tuple[float | None, ...]:
    unknown = (None,) * period
    if len(values) < _LEAST_CYCLES * period:
        return unknown
    means = []
    for season in range(period):
        detrended = [_minus(x, t) for x, t in zip(values[season::period], trend[season::period], strict=True)]
        known = [value for value in detrended if value is not None]
        if not known:
            return unknown
        means.append(sum(known) / len(known))
    centre = sum(means) / period
    return tuple(mean - centre for mean in means)


def _minus(value: float | None, other: float | None) -> float | None:
    return None if value is None or other is None else value - other
