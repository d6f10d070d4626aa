"""Refuse impossible input by name before any formula sees it."""

import math
from collections.abc import Iterable, Sequence


def require(condition: object, message: str) -> None:
    """Raise ValueError with the message unless the condition is true."""
    if not condition:
        raise ValueError(message)


def require_counts(counts: Iterable[float], name: str = "counts") -> None:
    """Raise ValueError unless every value is a whole number of at least 0."""
    for count in counts:
        whole = math.isfinite(count) and count == math.floor(count)
        require(whole and count >= 0, f"{name} must be whole numbers of at least 0, got {count}")


def require_length(values: Sequence[object], length: int, name: str) -> None:
    """Raise ValueError unless there are exactly ``length`` values."""
    require(len(values) == length, f"{name} must have {length} values, got {len(values)}")


def require_same_length(first: Sequence[object], second: Sequence[object], name: str) -> None:
    """Raise ValueError unless both sequences pair up."""
    require(
        len(first) == len(second), f"{name} must have the same length, got {len(first)} and {len(second)}"
    )


def require_finite(values: Iterable[float], name: str) -> None:
    """Raise ValueError on NaN and infinities."""
    for value in values:
        require(math.isfinite(value), f"{name} must be finite, got {value}")


def require_positive(values: Iterable[float], name: str) -> None:
    """Raise ValueError unless every value is finite and above 0."""
    for value in values:
        require(math.isfinite(value) and value > 0, f"{name} must be above 0, got {value}")


def require_not_negative(values: Iterable[float], name: str) -> None:
    """Raise ValueError unless every value is finite and at least 0."""
    for value in values:
        require(math.isfinite(value) and value >= 0, f"{name} must be at least 0, got {value}")


def require_share(value: float, name: str) -> None:
    """Raise ValueError unless the value lies in [0, 1]."""
    require(0 <= value <= 1, f"{name} must lie between 0 and 1, got {value}")


def require_confidence(value: float) -> None:
    """Raise ValueError unless the confidence level lies strictly between 0 and 1."""
    require(0 < value < 1, f"confidence must lie strictly between 0 and 1, got {value}")
