"""Outlives a killed supervisor just long enough to end the processes it left behind.

Started by `feedback_site.operations.supervisor` as a script of its own, without Django. It is told
about process groups on its standard input, one line each: `+ID` when one starts, `-ID` when it has
ended. The kernel closes that pipe however the supervisor dies.
"""

import os
import signal
import sys
import time
from contextlib import suppress


def main(grace: float) -> None:
    """Collect process groups until the supervisor is gone, then end those that remain."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        change, group = line[0], int(line[1:])
        if change == "+":
            groups.add(group)
        else:
            groups.discard(group)
    end_groups(groups, grace=grace)


def end_groups(groups: set[int], *, grace: float) -> None:
    """Ask the leaders to end, wait up to `grace` seconds, then kill whatever is left."""
    for group in groups:
        with suppress(ProcessLookupError):
            os.kill(group, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline and any(is_alive(group) for group in groups):
        time.sleep(0.05)
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def is_alive(group: int) -> bool:
    """Tell whether any process of the group exists."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    main(float(sys.argv[1]))
