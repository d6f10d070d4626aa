"""`/metrics`: everything in Prometheus' text format.

Labels hold words of ours only, never names, addresses or ids.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from feedback_site.operations.counters import read_counters
from feedback_site.operations.figures import Figures, Waiting
from feedback_site.operations.last_run import RUNS, LastRun, last_run
from feedback_site.operations.readiness import Readiness


@dataclass(frozen=True, slots=True)
class Reading:
    """One scrape. `figures` is None when the database did not answer in time."""

    readiness: Readiness
    figures: Figures | None
    last_runs: dict[str, LastRun]
    seconds: float


def read_last_runs() -> dict[str, LastRun]:
    """Return the last runs of the checks that are known."""
    return {run: found for run in RUNS if (found := last_run(run)) is not None}


def expose(reading: Reading) -> bytes:
    """Return the text of one scrape."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_ReadingCollector(reading))
    return generate_latest(registry)


class _ReadingCollector(Collector):
    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def collect(self) -> Iterable[Metric]:
        """Return every family, each once."""
        yield from _of_parts(self._reading)
        if self._reading.figures is not None:
            yield from _of_queue(self._reading.figures)
            yield from _of_sweeps(self._reading.figures)
            yield from _of_lately(self._reading.figures)
            yield from _of_database(self._reading.figures)
            yield from _of_checks(self._reading.last_runs, self._reading.figures.at)
        yield from read_counters()


def _of_parts(reading: Reading) -> Iterator[Metric]:
    up = _gauge(
        "part_up", "1 when the part answers, 0 when it is down; absent when it is not known.", ["part"]
    )
    for part, answers in reading.readiness.parts.items():
        if answers is not None:
            up.add_metric([part], float(answers))
    yield up
    if reading.readiness.heartbeat_age is not None:
        yield _gauge(
            "worker_heartbeat_age_seconds",
            "Since a worker last took a task.",
            value=reading.readiness.heartbeat_age,
        )
    yield _gauge("scrape_seconds", "How long this reading took.", value=reading.seconds)
    yield _gauge(
        "scrape_complete",
        "1 when the database was read, 0 when it did not answer in time.",
        value=float(reading.figures is not None),
    )


def _of_queue(figures: Figures) -> Iterator[Metric]:
    labels = ["status", "channel"]
    depth = _gauge("messages_unfinished", "Messages that have no end yet.", labels)
    due = _gauge("messages_due", "Unfinished messages whose turn has come.", labels)
    overdue = _gauge("messages_overdue", "Unfinished messages past their deadline.", labels)
    for row in figures.queue:
        for family, value in ((depth, row.count), (due, row.due), (overdue, row.overdue)):
            family.add_metric([row.status, row.channel], value)
    yield from (depth, due, overdue)
    oldest = [row.oldest_due_at for row in figures.queue if row.oldest_due_at is not None]
    yield _gauge(
        "messages_oldest_due_age_seconds",
        "Age of the message that is due longest.",
        value=_age(min(oldest, default=None), figures.at),
    )


def _of_sweeps(figures: Figures) -> Iterator[Metric]:
    sweeps: dict[str, tuple[Waiting, str]] = {
        "events_undecided": (figures.undecided, "Completed events without a decision"),
        "invitations_to_queue": (figures.to_queue, "Due invitations that are not in the outbox yet"),
        "tallies_pending": (figures.pending_tallies, "Responses that are not counted yet"),
    }
    for name, (waiting, text) in sweeps.items():
        yield _gauge(name, f"{text}.", value=waiting.count)
        yield _gauge(
            f"{name}_oldest_age_seconds",
            f"{text}: age of the oldest.",
            value=_age(waiting.oldest_at, figures.at),
        )


def _of_lately(figures: Figures) -> Iterator[Metric]:
    ended = _gauge(
        "messages_ended",
        "Messages that ended lately: in_time, late, without_deadline (all sent), missed.",
        ["result", "last"],
    )
    share = _gauge(
        "messages_in_time_share",
        "Share in time of messages with a deadline that ended lately; absent without any.",
        ["last"],
    )
    for last, sent in figures.sent.items():
        for result in ("in_time", "late", "without_deadline", "missed"):
            ended.add_metric([result, last], getattr(sent, result))
        if counted := sent.in_time + sent.late + sent.missed:
            share.add_metric([last], sent.in_time / counted)
    yield from (ended, share)
    yield _gauge(
        "answers_per_second",
        "Answers stored in the last minute, per second.",
        value=figures.answers_last_minute / 60,
    )
    yield _gauge(
        "completions_last_minute",
        "Completions recorded in the last minute.",
        value=figures.completions_last_minute,
    )


def _of_database(figures: Figures) -> Iterator[Metric]:
    connections = _gauge("database_connections", "Connections to the database.", ["state"])
    for state, count in figures.connections.items():
        connections.add_metric([state], count)
    rows = _gauge(
        "rows_estimate", "Rows of the large tables, as PostgreSQL's planner estimates them.", ["table"]
    )
    for table, count in figures.rows.items():
        rows.add_metric([table], count)
    yield from (connections, rows)


def _of_checks(last_runs: dict[str, LastRun], at: datetime) -> Iterator[Metric]:
    ages = _gauge("conservation_age_seconds", "Since the checks last ran to their end.", ["run"])
    faults = _gauge("conservation_faults", "Rows at fault in the last run of the checks.", ["run", "check"])
    for run, found in last_runs.items():
        ages.add_metric([run], _age(found.at, at))
        for check, count in found.faults.items():
            faults.add_metric([run, check], count)
    yield from (ages, faults)


def _gauge(
    name: str, text: str, labels: list[str] | None = None, *, value: float | None = None
) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"feedback_{name}", text, value=value, labels=labels)


def _age(moment: datetime | None, at: datetime) -> float:
    """Return seconds since `moment`; 0 when there is nothing to be old."""
    return max((at - moment).total_seconds(), 0.0) if moment else 0.0
