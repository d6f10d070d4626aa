"""Which times can be true."""

from datetime import UTC, datetime, timedelta

# Clocks of other systems run ahead a little; more than this is a mistake.
CLOCK_TOLERANCE = timedelta(minutes=5)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
NOT_BEFORE_OPENING = ("first_response_at", "arrived_at", "completed_at")


def is_in_the_future(moment: datetime, *, at: datetime) -> bool:
    """Return whether `moment` is further ahead of `at` than clocks differ."""
    return moment > at + CLOCK_TOLERANCE


def is_before_records_began(moment: datetime) -> bool:
    """Return whether `moment` is before 2000: a default of some system, not a time of a service."""
    return moment < EARLIEST
