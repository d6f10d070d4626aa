"""Between which values an indicator of a unit can lie."""

from feedback_site.evaluations.enums import Unit

_LIMITS: dict[str, tuple[int, int]] = {
    Unit.PERCENT: (0, 100),
    Unit.RATING: (1, 5),
    Unit.HOURS: (0, 1_000_000),
    Unit.MINUTES: (0, 1_000_000),
    Unit.POINTS: (-100, 100),
}


def limits_of(unit: str) -> tuple[int, int]:
    """Return the least and the greatest value of a unit."""
    return _LIMITS[unit]
