"""Complete answers: how many a second, how fast at a given rate, at what cost.

Medians of three rounds: machines have neighbours.
"""

import statistics
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from benchmarks.clients import CONNECTIONS, Outcome, percentile, percentiles, run_clients
from benchmarks.invitations import Ground, make_invitations
from benchmarks.page import measure_page
from benchmarks.site import Running, await_healthy, cpu_of_children, running
from benchmarks.statements import count_statements
from benchmarks.table import Row, at_most
from feedback_site.common.clock import database_now
from feedback_site.demo.ports import free_port
from feedback_site.embedded.layout import layout_of
from feedback_site.embedded.postgres import Postgres
from feedback_site.operations.processes import beat_process, web_process, worker_process
from surveys.models import Response

MOST_STATEMENTS, OFFERED, MOST_P99_MILLISECONDS, MOST_CPU_MILLISECONDS = 2, 500, 60, 1.2
ROUNDS, WARM_SECONDS, SECONDS, OPEN_SECONDS = 3, 2.0, 5.0, 10.0
# Worker and beat are at their work, not still starting.
START_SECONDS = 6.0
# More than two cores can use up in the time.
MOST_A_SECOND = 2400


def measure_answering(ground: Ground, *, data_dir: Path) -> list[Row]:
    """Run the web server and load it; then once more with worker and beat at their work."""
    stock = Stock(ground, data_dir, count=_links_needed())
    port = free_port(8800)
    with running(web_process(port), log_dir=data_dir / "logs") as web:
        await_healthy(port)
        rows = [
            *_closed(stock, port, web),
            *count_statement_rows(stock, port),
            *measure_page(port, stock.take(1)[0]),
        ]
        with running(worker_process(), beat_process(), log_dir=data_dir / "logs"):
            time.sleep(START_SECONDS)
            rows += _open(stock, port)
    return [*rows, stock.row_check()]


class Stock:
    """Unused links, each used once, and how many answers were acknowledged."""

    def __init__(self, ground: Ground, data_dir: Path, *, count: int) -> None:
        # Due tomorrow: the workers have nothing to send while answers are measured.
        self._tokens = make_invitations(ground, count, due_at=database_now() + timedelta(days=1))
        self._folder = data_dir
        self._stored_before = Response.objects.count()
        self.acknowledged = 0

    def take(self, count: int) -> list[str]:
        """Return links no one has used."""
        taken, self._tokens = self._tokens[:count], self._tokens[count:]
        return taken

    def load(self, port: int, *, seconds: float, rate: float = 0.0) -> Outcome:
        """Let the client processes answer and return what they saw."""
        paths = [
            f"/r/{token}/" for token in self.take(round(seconds * (rate * 1.5 if rate else MOST_A_SECOND)))
        ]
        outcome = run_clients(paths, port=port, folder=self._folder, seconds=seconds, rate=rate)
        self.acknowledged += outcome.acknowledged
        return outcome

    def row_check(self) -> Row:
        """Return whether the database holds just the answers that were acknowledged."""
        rows = Response.objects.count() - self._stored_before
        return Row(
            "answers acknowledged = rows stored",
            f"{self.acknowledged:,} = {rows:,}",
            "equal",
            self.acknowledged == rows,
        )


def _links_needed() -> int:
    return round(
        (WARM_SECONDS + ROUNDS * SECONDS) * MOST_A_SECOND + ROUNDS * OPEN_SECONDS * OFFERED * 1.5 + 1000
    )


def _closed(stock: Stock, port: int, web: Running) -> list[Row]:
    stock.load(port, seconds=WARM_SECONDS)
    rounds = [_closed_round(stock, port, web) for _ in range(ROUNDS)]
    outcomes = [outcome for outcome, _web, _database in rounds]
    refused = sum(outcome.refused for outcome in outcomes)
    web_cpu, database_cpu = (statistics.median(one[place] for one in rounds) for place in (1, 2))
    return [
        Row(
            "complete answers, durable (GET form + POST)",
            f"{statistics.median(outcome.rate for outcome in outcomes):,.0f} /s "
            f"({', '.join(f'{one.rate:,.0f}' for one in outcomes)})",
            "see peers",
        ),
        Row("  refused or failed", f"{refused:,}", "0", refused == 0),
        Row(
            f"  latency of a complete, {CONNECTIONS} connections",
            percentiles(_all_latencies(outcomes, "complete")),
        ),
        Row("  CPU per complete", f"web {web_cpu:.2f} ms, PostgreSQL {database_cpu:.2f} ms"),
        at_most(
            "  CPU per complete, together", web_cpu + database_cpu, MOST_CPU_MILLISECONDS, "ms", digits=2
        ),
    ]


def _all_latencies(outcomes: Sequence[Outcome], kind: str) -> list[float]:
    return [seconds for outcome in outcomes for seconds in outcome.latencies[kind]]


def _closed_round(stock: Stock, port: int, web: Running) -> tuple[Outcome, float, float]:
    """Return what the clients saw, and the CPU milliseconds of web and PostgreSQL per complete."""
    postmaster = Postgres(layout_of()).pid
    before = web.cpu_seconds("web"), cpu_of_children(postmaster)
    outcome = stock.load(port, seconds=SECONDS)
    after = web.cpu_seconds("web"), cpu_of_children(postmaster)
    web_cpu, database_cpu = (
        (now - then) / outcome.acknowledged * 1000 for now, then in zip(after, before, strict=True)
    )
    return outcome, web_cpu, database_cpu


def _open(stock: Stock, port: int) -> list[Row]:
    outcomes = [stock.load(port, seconds=OPEN_SECONDS, rate=OFFERED) for _ in range(ROUNDS)]
    refused = sum(outcome.refused for outcome in outcomes)
    rates = ", ".join(f"{outcome.rate:,.0f}" for outcome in outcomes)
    p99s = [percentile(outcome.latencies["complete"], 99) for outcome in outcomes]
    return [
        Row(
            f"at {OFFERED}/s offered, worker and beat running",
            f"{rates} /s, {refused} refused",
            "0 refused",
            refused == 0,
        ),
        Row("  idle connections closed by the server", f"{sum(outcome.reconnected for outcome in outcomes)}"),
        *(
            Row(f"  {kind}", percentiles(_all_latencies(outcomes, kind)))
            for kind in ("get", "post", "complete")
        ),
        Row("  complete, p99 of each round", ", ".join(f"{p99:.1f}" for p99 in p99s) + " ms"),
        at_most("  complete, p99", statistics.median(p99s), MOST_P99_MILLISECONDS, "ms", digits=1),
    ]


def count_statement_rows(stock: Stock, port: int) -> list[Row]:
    """Return how many statements one GET and one POST cost, as the database server saw them."""
    tokens = stock.take(20)
    per_get, per_post = count_statements(port, tokens)
    stock.acknowledged += len(tokens)
    return [
        at_most("statements per GET", per_get, MOST_STATEMENTS, "", digits=1),
        at_most("statements per POST", per_post, MOST_STATEMENTS, "", digits=1),
    ]
