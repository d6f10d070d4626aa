"""Input that no one would think of. CI runs a fixed, small share of it; `make fuzz` draws again, and more."""

import os

from hypothesis import HealthCheck, Phase, settings

# How many times the usual number of cases; above 1 they are drawn again in each run.
FACTOR = int(os.environ.get("FUZZ_FACTOR", "1"))


def budget(cases: int, **more: object) -> settings:
    """Return settings for so many cases: the same ones each time, unless more are asked for."""
    return settings(
        max_examples=cases * FACTOR,
        derandomize=FACTOR == 1,
        database=None,
        deadline=None,
        print_blob=True,
        # A case is made smaller, but not explained: that takes minutes where each try is a whole life.
        phases=[Phase.explicit, Phase.generate, Phase.target, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        **more,
    )
