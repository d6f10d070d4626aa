"""Messages: ten thousand through the outbox, real workers and a real mail server."""

import json
import sys
import time
from datetime import timedelta
from pathlib import Path

from django.db.models import Max

from benchmarks.invitations import Ground, make_invitations
from benchmarks.site import Running, cpu_of_children, running
from benchmarks.table import Row, at_most
from feedback_site.common.clock import database_now
from feedback_site.common.doorbell import ring
from feedback_site.common.task_table import DELIVER_MESSAGES
from feedback_site.delivery.enums import MessageStatus
from feedback_site.delivery.models import Message
from feedback_site.demo.ports import HOST, free_port
from feedback_site.embedded.layout import layout_of
from feedback_site.embedded.postgres import Postgres
from feedback_site.operations.processes import beat_process, worker_process
from feedback_site.operations.supervisor import ProcessSpec
from surveys.services.invitations.inviting import queue_invitations

MESSAGES, MOST_SECONDS = 10_000, 15
_GIVE_UP_SECONDS = 60.0
_LEAD = timedelta(seconds=10)
_BATCH = 1000


def measure_dispatch(ground: Ground, *, data_dir: Path) -> list[Row]:
    """Queue the messages for one moment, ring then, and wait until the last has left."""
    port = free_port(8830)
    mail_server = ProcessSpec("mail", [sys.executable, "-m", "benchmarks.mail_server", "--port", str(port)])
    env = {"EMAIL_URL": f"smtp://{HOST}:{port}"}
    logs = data_dir / "logs"
    due_at = database_now() + _LEAD
    make_invitations(ground, MESSAGES, due_at=due_at)
    while queue_invitations(at=due_at, limit=_BATCH):
        pass
    with running(mail_server, worker_process(env=env), beat_process(env=env), log_dir=logs) as site:
        late = max(database_now() - due_at, timedelta(0))
        time.sleep(max((due_at - database_now()).total_seconds(), 0))
        # Each batch that is queued rings; two workers hear it.
        for _ in range(2):
            ring(DELIVER_MESSAGES)
        before = _cpu(site)
        _await_all_left()
        cpu = [(after - start) / MESSAGES * 1000 for after, start in zip(_cpu(site), before, strict=True)]
    last = Message.objects.aggregate(last=Max("sent_at"))["last"]
    seconds = (last - due_at - late).total_seconds()
    taken = json.loads((logs / "mail.log").read_text(encoding="utf-8"))
    sent = Message.objects.filter(status=MessageStatus.SENT).count()
    return [
        at_most(f"{MESSAGES:,} messages by email", seconds, MOST_SECONDS, "s", digits=1),
        Row("  messages dispatched", f"{sent / seconds:,.0f} /s"),
        Row(
            "  CPU per message", "worker {:.2f} ms, PostgreSQL {:.2f} ms, mail server {:.2f} ms".format(*cpu)
        ),
        Row(
            "  sent = received by the mail server = different",
            f"{sent:,} = {taken['received']:,} = {taken['different']:,}",
            f"{MESSAGES:,}",
            {sent, taken["received"], taken["different"]} == {MESSAGES},
        ),
    ]


def _cpu(site: Running) -> tuple[float, float, float]:
    return site.cpu_seconds("worker"), cpu_of_children(Postgres(layout_of()).pid), site.cpu_seconds("mail")


def _await_all_left() -> None:
    give_up = time.monotonic() + _GIVE_UP_SECONDS
    unfinished = Message.objects.filter(status__in=[MessageStatus.QUEUED, MessageStatus.SENDING])
    while unfinished.exists() and time.monotonic() < give_up:
        time.sleep(0.25)
