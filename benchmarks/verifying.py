"""How long `manage.py verify` takes on a long history: over the last minutes, and over everything."""

import time
from datetime import timedelta

from benchmarks.invitations import Ground
from benchmarks.million import DAYS, write_history
from benchmarks.table import Row, at_most
from feedback_site.common.clock import database_now
from feedback_site.conservation.recent import read_touched
from feedback_site.conservation.running import CheckResult, one_snapshot, run_checks

EVENTS = 1_000_000
MINUTES = 10
_RECENT_BAR, _NIGHT_BAR = 10.0, 600.0


def measure_verifying(ground: Ground) -> list[Row]:
    """Write a history of a million events, and verify its last minutes and all of it."""
    write_history(ground, count=EVENTS)
    started = time.monotonic()
    with one_snapshot():
        touched = read_touched(since=database_now() - timedelta(minutes=MINUTES))
        recent = run_checks(touched=touched)
    recent_seconds = time.monotonic() - started
    started = time.monotonic()
    with one_snapshot():
        everything = run_checks()
    return [
        Row(f"events of {DAYS} days, each with decision, invitation, message", f"{EVENTS:,}"),
        at_most(f"verify the last {MINUTES} minutes", recent_seconds, _RECENT_BAR, "s", digits=2),
        Row(
            "  looked at",
            f"{len(touched.events):,} events, {len(touched.messages):,} messages, {len(touched.days):,} days "
            "of teams",
        ),
        at_most("verify everything", time.monotonic() - started, _NIGHT_BAR, "s", digits=1),
        Row("  conservation checks", f"{len(everything)} hold", "all", _hold(recent) and _hold(everything)),
    ]


def _hold(results: list[CheckResult]) -> bool:
    return all(result.is_ok for result in results)
