"""The interval that every estimate carries."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed range in the unit of the estimate it belongs to."""

    low: float
    high: float

    @classmethod
    def around(cls, centre: float, margin: float) -> "Interval":
        """Return ``centre`` plus and minus ``margin``."""
        return cls(centre - margin, centre + margin)

    def scaled(self, factor: float) -> "Interval":
        """Return the same range in another unit; ``factor`` must not be negative."""
        return Interval(self.low * factor, self.high * factor)

    def clipped(self, low: float, high: float) -> "Interval":
        """Return the part of the range that is possible at all."""
        return Interval(min(max(self.low, low), high), max(min(self.high, high), low))

    def __contains__(self, value: float) -> bool:
        """Say whether the value lies inside, bounds included."""
        return self.low <= value <= self.high
