"""Client processes that answer together, and what they saw."""

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CLIENTS, CONNECTIONS, OPEN_CONNECTIONS = 2, 16, 64


@dataclass(frozen=True)
class Outcome:
    """What all clients of a run saw together."""

    acknowledged: int
    refused: int
    reconnected: int
    seconds: float
    latencies: dict[str, list[float]]

    @property
    def rate(self) -> float:
        """Acknowledged completes a second."""
        return self.acknowledged / self.seconds


def run_clients(
    paths: Sequence[str],
    *,
    port: int,
    folder: Path,
    seconds: float,
    rate: float = 0.0,
    options: Sequence[str] = (),
) -> Outcome:
    """Answer at `paths`, each used once, as fast as the server lets us or at `rate` a second.

    `options` go to `benchmarks.load`.
    """
    running = []
    for number in range(CLIENTS):
        file = folder / f"paths-{number}"
        file.write_text("\n".join(paths[number::CLIENTS]), encoding="utf-8")
        connections = (OPEN_CONNECTIONS if rate else CONNECTIONS) // CLIENTS
        words = {
            "--port": port,
            "--paths": file,
            "--connections": connections,
            "--seconds": seconds,
            "--rate": rate / CLIENTS,
        }
        command = [
            sys.executable,
            "-m",
            "benchmarks.load",
            *(str(word) for pair in words.items() for word in pair),
            *options,
        ]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE))
    seen = [json.loads(client.communicate()[0]) for client in running]
    return Outcome(
        acknowledged=sum(one["acknowledged"] for one in seen),
        refused=sum(one["refused"] + one["lost_busy"] for one in seen),
        reconnected=sum(one["lost_idle"] for one in seen),
        seconds=max(one["seconds"] for one in seen),
        latencies={
            kind: [value for one in seen for value in one[kind]] for kind in ("get", "post", "complete")
        },
    )


def percentile(seconds: Sequence[float], place: int) -> float:
    """Return a percentile in milliseconds."""
    return statistics.quantiles(seconds, n=100)[place - 1] * 1000


def percentiles(seconds: Sequence[float]) -> str:
    """Return p50, p95 and p99 in milliseconds; a dash where there is nothing to divide."""
    if len(seconds) < 2:  # noqa: PLR2004 - what a quantile needs
        return "–"
    return ", ".join(f"p{place} {percentile(seconds, place):.1f} ms" for place in (50, 95, 99))
