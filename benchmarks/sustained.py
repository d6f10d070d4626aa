"""A busy minute: ten thousand services end and are reported while customers answer.

Every one of their customers is written to within ten minutes.
"""

import json
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from benchmarks.answering import START_SECONDS
from benchmarks.clients import Outcome, percentiles, run_clients
from benchmarks.conservation import check_conservation
from benchmarks.invitations import Ground, make_invitations
from benchmarks.site import Running, await_healthy, cpu_of_children, running
from benchmarks.table import Row, at_most
from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key
from feedback_site.common.clock import database_now
from feedback_site.demo.ports import HOST, free_port
from feedback_site.embedded.layout import layout_of
from feedback_site.embedded.postgres import Postgres
from feedback_site.operations.processes import beat_process, web_process, worker_process
from feedback_site.operations.supervisor import ProcessSpec
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.services import create_webhook_source
from surveys.models import Response

EVENTS, SECONDS, LIST_SIZE, WEBHOOKS = 10_000, 60.0, 50, 2_000
ANSWERS_A_SECOND = 200
PROMISE_SECONDS = 600
SOURCE = "sustained"
# Unsent after the promise is late anyway.
_GIVE_UP_SECONDS = PROMISE_SECONDS + 30.0
_LOOK_SECONDS = 2.0
_P95 = 94

# Measured from the rows: when the service ended, by the
# system that reported it, until the gateway had the message.
_SENT_AFTER = """
    SELECT extract(epoch FROM message.sent_at - event.completed_at)::float AS sent_after,
        extract(epoch FROM decision.decided_at - event.recorded_at)::float AS decided_after, message.is_late
    FROM service_events_serviceevent event
    LEFT JOIN surveys_eventdecision decision ON decision.service_event_id = event.id
    LEFT JOIN delivery_message message ON message.subject_kind = 'invitation'
      AND message.subject_id = decision.invitation_id
    WHERE event.source = %s
"""
_UNSENT = f"SELECT count(*) FROM ({_SENT_AFTER}) sent WHERE sent_after IS NULL"  # noqa: S608 - constant text


def measure_sustained(ground: Ground, *, data_dir: Path) -> list[Row]:
    """Report the events and answer at once, wait until the last message has left, and count."""
    tokens = make_invitations(
        ground, round(SECONDS * ANSWERS_A_SECOND * 1.2), due_at=database_now() + timedelta(days=1)
    )
    port, mail_port, sms_port = free_port(8800), free_port(8830), free_port(8860)
    env = {"EMAIL_URL": f"smtp://{HOST}:{mail_port}", "SMS_GATEWAY_URL": f"http://{HOST}:{sms_port}/sms"}
    site = (web_process(port, env=env), worker_process(env=env), beat_process(env=env))
    answered_before = Response.objects.count()
    with running(*_gateways(mail_port, sms_port, data_dir), *site, log_dir=data_dir / "logs") as processes:
        await_healthy(port)
        time.sleep(START_SECONDS)
        cpu = _Cpu(processes)
        stream = _start_stream(port)
        answers = run_clients(
            [f"/r/{token}/" for token in tokens],
            port=port,
            folder=data_dir,
            seconds=SECONDS,
            rate=ANSWERS_A_SECOND,
        )
        told = json.loads(stream.communicate()[0])
        waited = _await_all_sent()
        used = cpu.row()
    stored = Response.objects.count() - answered_before
    return [
        *_event_rows(told),
        *_sent_rows(waited),
        *_answer_rows(answers, stored),
        used,
        *check_conservation(),
    ]


def _gateways(mail_port: int, sms_port: int, data_dir: Path) -> list[ProcessSpec]:
    mail = [sys.executable, "-m", "benchmarks.mail_server", "--port", str(mail_port)]
    sms = [
        sys.executable,
        "-m",
        "feedback_site.demo.sinks",
        "--sms-port",
        str(sms_port),
        "--outbox",
        str(data_dir / "outbox"),
    ]
    return [ProcessSpec("mail", mail), ProcessSpec("sms", sms)]


def _start_stream(port: int) -> subprocess.Popen[bytes]:
    """Start the client that reports the events, as a system with a key and a webhook source of its own."""
    _key, key = create_api_key(name="sustained", grants=[Grant.EVENTS_WRITE])
    _source, secret = create_webhook_source(slug=SOURCE, name="Sustained", at=database_now())
    options = {"port": port, "events": EVENTS, "seconds": SECONDS, "size": LIST_SIZE, "webhooks": WEBHOOKS}
    words = [
        str(word)
        for name, value in {**options, "key": key, "secret": secret, "source": SOURCE}.items()
        for word in (f"--{name}", value)
    ]
    return subprocess.Popen([sys.executable, "-m", "benchmarks.event_stream", *words], stdout=subprocess.PIPE)


def _await_all_sent() -> float:
    """Return how many seconds after the last event was reported the last message had left."""
    started = time.monotonic()
    while _count_unsent() and time.monotonic() < started + _GIVE_UP_SECONDS:
        time.sleep(_LOOK_SECONDS)
    return time.monotonic() - started


def _count_unsent() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_UNSENT, [SOURCE])
        return int(cursor.fetchone()[0])


def _event_rows(told: dict[str, Any]) -> list[Row]:
    recorded = ServiceEvent.objects.filter(source=SOURCE).count()
    return [
        Row(
            f"{EVENTS:,} completed events in {SECONDS:.0f} s: acknowledged = recorded",
            f"{told['acknowledged']:,} = {recorded:,}",
            f"{EVENTS:,}",
            {told["acknowledged"], recorded} == {EVENTS},
        ),
        Row("  all acknowledged after", f"{told['seconds']:.0f} s, {told['retried']} requests repeated"),
        Row(f"  lists of {LIST_SIZE}", percentiles(told["lists"])),
        Row("  signed webhooks, one event each", percentiles(told["webhooks"])),
    ]


def _sent_rows(waited: float) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(_SENT_AFTER, [SOURCE])
        rows = cursor.fetchall()
    after = [seconds for seconds, _decided, _late in rows if seconds is not None]
    late = sum(
        seconds is None or seconds > PROMISE_SECONDS or bool(is_late) for seconds, _decided, is_late in rows
    )
    cuts = statistics.quantiles(after, n=100)
    decided = statistics.quantiles([seconds for _sent, seconds, _late in rows if seconds is not None], n=100)
    return [
        Row("messages sent", f"{len(after):,}", f"{EVENTS:,}", len(after) == EVENTS),
        Row("  later than ten minutes, or not at all", f"{late}", "0", late == 0),
        Row("  completed -> sent, p50", f"{cuts[49]:.1f} s"),
        at_most("  completed -> sent, p95", cuts[_P95], PROMISE_SECONDS, "s", digits=1),
        at_most("  completed -> sent, longest", max(after), PROMISE_SECONDS, "s", digits=1),
        Row("  of that recorded -> decided", f"p50 {decided[49]:.1f} s, p95 {decided[_P95]:.1f} s"),
        Row("  the last one left after the minute's end", f"{waited:.0f} s"),
    ]


def _answer_rows(answers: Outcome, stored: int) -> list[Row]:
    return [
        Row(f"answers meanwhile, {ANSWERS_A_SECOND}/s offered", f"{answers.rate:,.0f} /s"),
        Row("  refused or failed", f"{answers.refused}", "0", answers.refused == 0),
        Row(
            "  acknowledged = rows stored",
            f"{answers.acknowledged:,} = {stored:,}",
            "equal",
            answers.acknowledged == stored,
        ),
        Row("  latency of a complete", percentiles(answers.latencies["complete"])),
    ]


class _Cpu:
    """CPU time of the site's parts since now."""

    def __init__(self, processes: Running) -> None:
        self._processes = processes
        self._before = self._read()

    def row(self) -> Row:
        """Return what was used, in seconds."""
        used = [after - start for after, start in zip(self._read(), self._before, strict=True)]
        return Row(
            "CPU", "web {:.0f} s, worker {:.0f} s, PostgreSQL {:.0f} s, gateways {:.0f} s".format(*used)
        )

    def _read(self) -> tuple[float, float, float, float]:
        seconds = self._processes.cpu_seconds
        return (
            seconds("web"),
            seconds("worker"),
            cpu_of_children(Postgres(layout_of()).pid),
            seconds("mail") + seconds("sms"),
        )
