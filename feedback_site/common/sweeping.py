"""How a task works off rows that wait."""

import time
from collections.abc import Callable


def sweep(work: Callable[[], int], *, seconds: float, full: int = 1) -> int:
    """Call `work` while its batches are full and the time is not up, and return the sum of what it did.

    What comes in during the last one has its own ring, or the tick.
    """
    stop_at = time.monotonic() + seconds
    total = done = work()
    while done >= full and time.monotonic() < stop_at:
        done = work()
        total += done
    return total
