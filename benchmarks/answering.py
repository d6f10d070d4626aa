"""Complete answers: how many a second, how fast at a given rate, at what cost."""

import time
from datetime import timedelta
from pathlib import Path

from benchmarks.clients import CONNECTIONS, Outcome, percentile, percentiles, run_clients
from benchmarks.invitations import Ground, make_invitations
from benchmarks.page import measure_page
from benchmarks.site import Running, await_healthy, cpu_of_children, running
from benchmarks.statements import count_statements
from benchmarks.table import Row, at_most
from config.services import beat_process, web_process, worker_process
from feedback_site.common.clock import database_now
from feedback_site.demo.ports import free_port
from feedback_site.embedded.layout import layout_of
from feedback_site.embedded.postgres import Postgres
from surveys.models import Response

MOST_STATEMENTS, OFFERED, MOST_P99_MILLISECONDS, MOST_CPU_MILLISECONDS = 2, 500, 60, 1.2
WARM_SECONDS, SECONDS, OPEN_SECONDS = 2.0, 8.0, 10.0
# Worker and beat are at their work, not still starting.
START_SECONDS = 6.0
# More than two cores can use up in the time.
MOST_A_SECOND = 2600


def measure_answering(ground: Ground, *, data_dir: Path) -> list[Row]:
    """Run the web server and load it; then once more with worker and beat at their work."""
    stock = Stock(ground, data_dir, count=round((WARM_SECONDS + SECONDS) * MOST_A_SECOND + 2 * OPEN_SECONDS * OFFERED))
    port = free_port(8800)
    with running(web_process(port), log_dir=data_dir / "logs") as web:
        await_healthy(port)
        rows = [*_closed(stock, port, web), *count_statement_rows(stock, port), *measure_page(port, stock.take(1)[0])]
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
        """Return links nobody has used."""
        taken, self._tokens = self._tokens[:count], self._tokens[count:]
        return taken

    def load(self, port: int, *, seconds: float, rate: float = 0.0) -> Outcome:
        """Let the client processes answer and return what they saw."""
        paths = [f"/r/{token}/" for token in self.take(round(seconds * (rate * 1.5 if rate else MOST_A_SECOND)))]
        outcome = run_clients(paths, port=port, folder=self._folder, seconds=seconds, rate=rate)
        self.acknowledged += outcome.acknowledged
        return outcome

    def row_check(self) -> Row:
        """Return whether the database holds just the answers that were acknowledged."""
        rows = Response.objects.count() - self._stored_before
        return Row("answers acknowledged = rows stored", f"{self.acknowledged:,} = {rows:,}", "equal", self.acknowledged == rows)


def _closed(stock: Stock, port: int, web: Running) -> list[Row]:
    stock.load(port, seconds=WARM_SECONDS)
    postmaster = Postgres(layout_of()).pid
    before = web.cpu_seconds("web"), cpu_of_children(postmaster)
    outcome = stock.load(port, seconds=SECONDS)
    web_cpu, database_cpu = (
        (after - start) / outcome.acknowledged * 1000
        for after, start in zip((web.cpu_seconds("web"), cpu_of_children(postmaster)), before, strict=True)
    )
    return [
        Row("complete answers, durable (GET form + POST)", f"{outcome.rate:,.0f} /s", "see peers"),
        Row("  refused or failed", f"{outcome.refused:,}", "0", outcome.refused == 0),
        Row(f"  latency of a complete, {CONNECTIONS} connections", percentiles(outcome.latencies["complete"])),
        Row("  CPU per complete", f"web {web_cpu:.2f} ms, PostgreSQL {database_cpu:.2f} ms"),
        at_most("  CPU per complete, together", web_cpu + database_cpu, MOST_CPU_MILLISECONDS, "ms", digits=2),
    ]


def _open(stock: Stock, port: int) -> list[Row]:
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
        at_most("  complete, p99", percentile(outcome.latencies["complete"], 99), MOST_P99_MILLISECONDS, "ms", digits=1),
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
