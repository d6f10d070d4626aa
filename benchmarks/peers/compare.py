"""Ours and the peers in turn, three rounds, and what the medians say."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from benchmarks.clients import CONNECTIONS, Outcome, percentiles, run_clients
from benchmarks.invitations import Ground, make_invitations
from benchmarks.peers.environment import PINNED, make_environment
from benchmarks.peers.sites import THREADS, Site
from benchmarks.pgbench import insert_rate
from benchmarks.site import cpu_of_children, running
from benchmarks.table import Row
from feedback_site.common.clock import database_now
from feedback_site.demo.ports import HOST, free_port
from feedback_site.embedded.layout import layout_of
from feedback_site.embedded.postgres import Postgres
from feedback_site.operations.slots import CUSTOMERS_AT_WORK

ROUNDS, WARM_SECONDS, SECONDS, OPEN_SECONDS, INSERT_SECONDS = 3, 1.5, 5.0, 5.0, 3
LEAST_COMPLETES, LEAST_TIMES = 1200, 3
# What each is offered in the open loop: a part of what it can do, on any machine.
OFFERED_SHARE = 0.5
# More than two cores can use up in the time: ours, theirs.
_MOST_OURS, _MOST_THEIRS = 2600, 1200
_READY_SECONDS = 30.0


@dataclass
class Figures:
    """What was seen of one site.

    Completes a second and CPU milliseconds (web, PostgreSQL) of each round, and the open loop.
    """

    rates: list[float] = field(default_factory=list)
    web_cpu: list[float] = field(default_factory=list)
    database_cpu: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    refused: int = 0
    offered: float = 0.0
    at_offered: Outcome | None = None

    @property
    def rate(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.rates)


def measure_peers(ground: Ground, *, data_dir: Path) -> list[Row]:
    """Run every site in turn, `ROUNDS` times, then each at a rate it can bear."""
    sites = _prepared_sites(ground, data_dir)
    figures = [Figures() for _ in sites]
    for _ in range(ROUNDS):
        for site, seen in zip(sites, figures, strict=True):
            _run(
                site,
                data_dir,
                lambda port, web, site=site, seen=seen: _closed(site, seen, port, data_dir, web),
            )
    for site, seen in zip(sites, figures, strict=True):
        seen.offered = max(round(seen.rate * OFFERED_SHARE), 1)
        _run(site, data_dir, lambda port, _web, site=site, seen=seen: _open(site, seen, port, data_dir))
    inserts = insert_rate(data_dir=data_dir, seconds=INSERT_SECONDS)
    rows = [row for site, seen in zip(sites, figures, strict=True) for row in _site_rows(site, seen)]
    return [*rows, *_ratio_rows(figures, inserts)]


def _prepared_sites(ground: Ground, data_dir: Path) -> list[Site]:
    ours = Site("Feedback Site", package="")
    ordinary = Site("an ordinary Django form view", package="benchmarks.peers.ordinary")
    survey = Site(
        PINNED.replace("==", " "),
        "benchmarks.peers.survey_and_report",
        make_environment(data_dir / "survey-and-report"),
    )
    seconds = ROUNDS * (WARM_SECONDS + SECONDS) + OPEN_SECONDS
    tokens = make_invitations(ground, round(seconds * _MOST_OURS), due_at=database_now() + timedelta(days=1))
    ours.paths = [f"/r/{token}/" for token in tokens]
    for peer in (ordinary, survey):
        peer.prepare(round(seconds * _MOST_THEIRS))
    return [ours, ordinary, survey]


def _run(site: Site, data_dir: Path, measure: Callable[[int, Callable[[], float]], None]) -> None:
    """Start the site's web server, wait until it shows a form, and measure.

    `measure` gets the port and the CPU seconds used so far.
    """
    port = free_port(8840)
    with running(site.web(port), log_dir=data_dir / "logs") as web:
        _await_form(port, site.paths[0])
        run_clients(
            site.take(_enough(site, WARM_SECONDS)),
            port=port,
            folder=data_dir,
            seconds=WARM_SECONDS,
            options=site.client_options,
        )
        measure(port, lambda: web.cpu_seconds("web"))


def _closed(site: Site, seen: Figures, port: int, data_dir: Path, web_cpu: Callable[[], float]) -> None:
    postmaster = Postgres(layout_of()).pid
    before = web_cpu(), cpu_of_children(postmaster)
    outcome = run_clients(
        site.take(_enough(site, SECONDS)),
        port=port,
        folder=data_dir,
        seconds=SECONDS,
        options=site.client_options,
    )
    after = web_cpu(), cpu_of_children(postmaster)
    for list_, start, end in zip((seen.web_cpu, seen.database_cpu), before, after, strict=True):
        list_.append((end - start) / max(outcome.acknowledged, 1) * 1000)
    seen.rates.append(outcome.rate)
    seen.latencies += outcome.latencies["complete"]
    seen.refused += outcome.refused


def _open(site: Site, seen: Figures, port: int, data_dir: Path) -> None:
    paths = site.take(round(seen.offered * OPEN_SECONDS * 1.5))
    seen.at_offered = run_clients(
        paths,
        port=port,
        folder=data_dir,
        seconds=OPEN_SECONDS,
        rate=seen.offered,
        options=site.client_options,
    )


def _enough(site: Site, seconds: float) -> int:
    return round(seconds * (_MOST_OURS if site.is_ours else _MOST_THEIRS))


def _await_form(port: int, path: str) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        web = HTTPConnection(HOST, port, timeout=2)
        try:
            web.request("GET", path)
            if web.getresponse().status == 200:  # noqa: PLR2004 - HTTP's word for yes
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
        finally:
            web.close()
    message = f"{path} shows no form."
    raise TimeoutError(message)


def _site_rows(site: Site, seen: Figures) -> list[Row]:
    rounds = ", ".join(f"{rate:,.0f}" for rate in seen.rates)
    web, database = statistics.median(seen.web_cpu), statistics.median(seen.database_cpu)
    rows = [
        Row(f"{site.name}, complete answers", f"{seen.rate:,.0f} /s (rounds {rounds})"),
        Row("  refused or failed", f"{seen.refused:,}", "0", seen.refused == 0),
        Row(f"  latency, {CONNECTIONS} connections", percentiles(seen.latencies)),
        Row("  CPU per complete", f"web {web:.2f} ms, PostgreSQL {database:.2f} ms"),
    ]
    if seen.at_offered:
        latency, refused = percentiles(seen.at_offered.latencies["complete"]), seen.at_offered.refused
        rows.append(
            Row(
                f"  at {seen.offered:,.0f}/s offered",
                f"{latency}, {refused} refused",
                "0 refused",
                refused == 0,
            )
        )
    return rows


def _ratio_rows(figures: list[Figures], inserts: float) -> list[Row]:
    ours, ordinary, survey = (seen.rate for seen in figures)
    is_met = ours >= LEAST_COMPLETES or ours >= LEAST_TIMES * ordinary
    return [
        Row("pgbench, one-row inserts of the same run", f"{inserts:,.0f} /s"),
        Row("complete answers a second", f"{ours:,.0f} /s", f">= {LEAST_COMPLETES:,} or 3 x", is_met),
        Row("  to the ordinary view", f"{ours / ordinary:.1f} x"),
        Row("  to django-survey-and-report", f"{ours / survey:.1f} x"),
        Row("  to one-row inserts", f"{ours / inserts:.3f} x"),
        Row("  requests at work in each worker", f"{CUSTOMERS_AT_WORK}, others {THREADS}"),
    ]
