"""Complete answers: how many a second, how fast at a given rate, at what cost."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.invitations import Ground, make_invitations
from benchmarks.page import measure_page
from benchmarks.site import Running, await_healthy, cpu_of_children, running
from benchmarks.statements import count_statements
from benchmarks.table import Row, at_least, at_most
from config.services import beat_process, web_process, worker_process
from feedback_site.common.clock import database_now
from feedback_site.demo.ports import free_port
from feedback_site.embedded.layout import layout_of
from feedback_site.embedded.postgres import Postgres
from surveys.models import Response

LEAST_COMPLETES, MOST_STATEMENTS, OFFERED = 700, 2, 300
CLIENTS, CONNECTIONS = 2, 16
WARM_SECONDS, SECONDS, OPEN_SECONDS = 2.0, 8.0, 10.0
# Worker and beat are at their work, not still starting.
START_SECONDS = 6.0
# More than two cores can use up in the time.
_MOST_A_SECOND = 1800


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


def measure_answering(ground: Ground, *, data_dir: Path) -> list[Row]:
    """Run the web server and load it; then once more with worker and beat at their work."""
    stock = _Stock(ground, data_dir)
    port = free_port(8800)
    with running(web_process(port), log_dir=data_dir / "logs") as web:
        await_healthy(port)
        rows = [*_closed(stock, port, web), *count_statement_rows(stock, port), *measure_page(port, stock.take(1)[0])]
        with running(worker_process(), beat_process(), log_dir=data_dir / "logs"):
            time.sleep(START_SECONDS)
            rows += _open(stock, port)
    return [*rows, stock.row_check()]


class _Stock:
    """Unused links, each used once, and how many answers were acknowledged."""

    def __init__(self, ground: Ground, data_dir: Path) -> None:
        count = round((WARM_SECONDS + SECONDS) * _MOST_A_SECOND + 2 * OPEN_SECONDS * OFFERED)
        # Due tomorrow: the workers have nothing to send while answers are measured.
        self._tokens = make_invitations(ground, count, due_at=database_now() + timedelta(days=1))
        self._folder = data_dir
        self.acknowledged = 0

    def take(self, count: int) -> list[str]:
        """Return links nobody has used."""
        taken, self._tokens = self._tokens[:count], self._tokens[count:]
        return taken

    def load(self, port: int, *, seconds: float, rate: float = 0.0) -> Outcome:
        """Let the client processes answer and return what they saw."""
        each = round(seconds * (rate * 1.5 if rate else _MOST_A_SECOND)) // CLIENTS
        clients = [self._start(number, port, self.take(each), seconds, rate / CLIENTS) for number in range(CLIENTS)]
        seen = [json.loads(client.communicate()[0]) for client in clients]
        outcome = Outcome(
            acknowledged=sum(one["acknowledged"] for one in seen),
            refused=sum(one["refused"] + one["lost_busy"] for one in seen),
            reconnected=sum(one["lost_idle"] for one in seen),
            seconds=max(one["seconds"] for one in seen),
            latencies={kind: [value for one in seen for value in one[kind]] for kind in ("get", "post", "complete")},
        )
        self.acknowledged += outcome.acknowledged
        return outcome

    def row_check(self) -> Row:
        """Return whether the database holds just the answers that were acknowledged."""
        rows = Response.objects.count()
        return Row("answers acknowledged = rows stored", f"{self.acknowledged:,} = {rows:,}", "equal", self.acknowledged == rows)

    def _start(self, number: int, port: int, tokens: Sequence[str], seconds: float, rate: float) -> subprocess.Popen[bytes]:
        file = self._folder / f"tokens-{number}"
        file.write_text("\n".join(tokens), encoding="utf-8")
        options = {"--port": port, "--tokens": file, "--connections": CONNECTIONS // CLIENTS if not rate else 32, "--seconds": seconds}
        words = [str(word) for pair in (options | {"--rate": rate}).items() for word in pair]
        return subprocess.Popen([sys.executable, "-m", "benchmarks.load", *words], stdout=subprocess.PIPE)


def _closed(stock: _Stock, port: int, web: Running) -> list[Row]:
    stock.load(port, seconds=WARM_SECONDS)
    postmaster = Postgres(layout_of()).pid
    before = web.cpu_seconds("web"), cpu_of_children(postmaster)
    outcome = stock.load(port, seconds=SECONDS)
    web_cpu, database_cpu = (
        (after - start) / outcome.acknowledged * 1000
        for after, start in zip((web.cpu_seconds("web"), cpu_of_children(postmaster)), before, strict=True)
    )
    return [
        at_least("complete answers, durable (GET form + POST)", outcome.rate, LEAST_COMPLETES, "/s"),
        Row("  refused or failed", f"{outcome.refused:,}", "0", outcome.refused == 0),
        Row(f"  latency of a complete, {CONNECTIONS} connections", percentiles(outcome.latencies["complete"])),
        Row("  CPU per complete", f"web {web_cpu:.2f} ms, PostgreSQL {database_cpu:.2f} ms"),
    ]


def _open(stock: _Stock, port: int) -> list[Row]:
    outcome = stock.load(port, seconds=OPEN_SECONDS, rate=OFFERED)
    return [
        Row(
            f"at {OFFERED}/s offered, worker and beat running",
            f"{outcome.rate:,.0f} /s, {outcome.refused} refused",
            "0 refused",
            outcome.refused == 0,
        ),
        Row("  idle connections closed by the server", f"{outcome.reconnected}"),
        *(Row(f"  {kind}", percentiles(outcome.latencies[kind])) for kind in ("get", "post", "complete")),
    ]


def count_statement_rows(stock: _Stock, port: int) -> list[Row]:
    """Return how many statements one GET and one POST cost, as the database server saw them."""
    tokens = stock.take(20)
    per_get, per_post = count_statements(port, tokens)
    stock.acknowledged += len(tokens)
    return [
        at_most("statements per GET", per_get, MOST_STATEMENTS, "", digits=1),
        at_most("statements per POST", per_post, MOST_STATEMENTS, "", digits=1),
    ]


def percentiles(seconds: Sequence[float]) -> str:
    """Return p50, p95 and p99 in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100)
    return ", ".join(f"p{place} {cuts[place - 1] * 1000:.1f} ms" for place in (50, 95, 99))
