"""Words shared by the adapters: oracle inputs come as JSON, results go back in the oracles' units."""

from collections.abc import Callable
from typing import Any

from feedback_site.statistics.intervals import Interval

Inputs = dict[str, Any]
Adapter = Callable[[Inputs], dict[str, Any]]


def percent(share: float | None) -> float | None:
    """Turn a share of 0-1 into percent."""
    return None if share is None else 100 * share


def bounds(interval: Interval | None, factor: float = 1.0) -> list[float] | None:
    """Turn an interval into [low, high] in another unit."""
    return None if interval is None else [interval.low * factor, interval.high * factor]
