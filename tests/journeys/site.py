"""The site as it runs for real.

Production web server, worker, beat, mail and SMS sinks, each a process of its own.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import redis
from django.conf import settings

from feedback_site.demo.http import HttpAnswer, TransportError, send
from feedback_site.demo.outbox import KeptMessage, OutboxReader
from feedback_site.demo.ports import HOST, free_port
from feedback_site.evaluations.models import RecordLine
from feedback_site.operations.processes import beat_process, web_process, worker_process
from feedback_site.operations.supervisor import ProcessSpec, Supervisor
from feedback_site.service_events.models import ServiceEvent

ValueT = TypeVar("ValueT")

START_SECONDS, STEP_SECONDS = 60.0, 15.0


def wait_for(what: Callable[[], ValueT], *, seconds: float = STEP_SECONDS) -> ValueT:
    """Ask until the answer is true and return it; fail with the last one when it takes too long."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline, f"still {found!r} after {seconds:g} s"
        time.sleep(0.05)
    return found


class Site:
    """What a journey may do to the site from outside, and look up inside afterwards."""

    def __init__(self, *, database_url: str, folder: Path, api_key: str, password: str) -> None:
        self.folder = folder
        self.outbox = folder / "outbox"
        self.api_key = api_key
        self.password = password
        # Runs beside this one look for ports in their own stretch.
        first = 20_000 + os.getpid() % 500 * 20
        self._port, smtp_port, sms_port = free_port(first), free_port(first + 60), free_port(first + 120)
        self.base_url = f"http://{HOST}:{self._port}"
        self._env = {
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": database_url,
            "REDIS_URL": settings.REDIS_URL,
            "PUBLIC_BASE_URL": self.base_url,
            "LOG_LEVEL": "INFO",
            "EMAIL_URL": f"smtp://{HOST}:{smtp_port}",
            "SMS_GATEWAY_URL": f"http://{HOST}:{sms_port}/sms",
        }
        arguments = ["--smtp-port", str(smtp_port), "--sms-port", str(sms_port), "--outbox", str(self.outbox)]
        self._sinks = ProcessSpec(
            "sinks", [sys.executable, "-m", "feedback_site.demo.sinks", *arguments], self._env
        )
        self._worker: Supervisor | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        with Supervisor(
            [self._sinks, web_process(self._port, env=self._env), self._beat()], log_dir=self.folder / "logs"
        ):
            try:
                self.start_worker()
                wait_for(self._is_healthy, seconds=START_SECONDS)
                yield
            finally:
                self.stop_worker()

    def start_worker(self) -> None:
        """Start the worker and wait until it takes tasks."""
        before = self._workers_ready()
        self._worker = Supervisor([worker_process(env=self._env)], log_dir=self.folder / "logs")
        self._worker.start()
        wait_for(lambda: self._workers_ready() > before, seconds=START_SECONDS)

    def stop_worker(self) -> None:
        if self._worker is not None:
            self._worker.stop()
        self._worker = None

    def kill_worker(self) -> None:
        """End the worker with all its processes in the middle of whatever it does."""
        assert self._worker is not None
        for child in self._worker._children:
            if child.process is not None:
                os.killpg(child.process.pid, signal.SIGKILL)
        self.stop_worker()

    def empty_broker(self) -> None:
        """Lose whatever the broker holds."""
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            client.flushdb()

    def post(self, path: str, body: Any) -> HttpAnswer:
        headers = {"Authorization": f"Api-Key {self.api_key}", "Content-Type": "application/json"}
        return send(
            f"{self.base_url}/api/v1/{path}", method="POST", body=json.dumps(body).encode(), headers=headers
        )

    def message_to(self, address: str) -> KeptMessage:
        """Wait for the message to one address and return it."""
        return wait_for(lambda: next(iter(self.messages_to(address)), None))

    def messages_to(self, address: str) -> list[KeptMessage]:
        return [message for message in OutboxReader(self.outbox).new_messages() if message.address == address]

    def state_of(self, number: str) -> str:
        """Return what became of an event: its decision's reason, `invited` or nothing yet."""
        event = ServiceEvent.objects.select_related("decision").get(external_id=number)
        decision = getattr(event, "decision", None)
        return (decision.reason or "invited") if decision else ""

    def cases(self, team: str) -> int:
        """Return how many ratings this month's newest evaluation record of a team rests on."""
        lines = RecordLine.objects.filter(record__team__code=team, indicator__slug="customer_satisfaction")
        newest = (
            lines.order_by("-record__period_start", "-record__revision").values_list("n", flat=True).first()
        )
        return newest or 0

    def _beat(self) -> ProcessSpec:
        spec = beat_process(env=self._env)
        schedule = f"--schedule={self.folder / 'beat-schedule'}"
        return ProcessSpec(
            spec.name, [schedule if word.startswith("--schedule=") else word for word in spec.argv], spec.env
        )

    def _workers_ready(self) -> int:
        log = self.folder / "logs" / "worker.log"
        return log.read_text(encoding="utf-8").count("ready.") if log.exists() else 0

    def _is_healthy(self) -> bool:
        try:
            return send(f"{self.base_url}/health/").is_ok
        except TransportError:
            return False


def event_of(
    number: str, *, customer: dict[str, str], is_open: bool = False, **fields: Any
) -> dict[str, Any]:
    """Return an event that was completed a moment ago, as a service system posts it."""
    now = datetime.now(UTC)
    body = {
        "source": "crm",
        "external_id": number,
        "kind": "after_sales_repair",
        "channel": "on_site",
        "team": "east-1",
        "agent": "A17",
        "customer": customer,
        "opened_at": (now - timedelta(hours=3)).isoformat(),
        "first_response_at": (now - timedelta(hours=2)).isoformat(),
        "consent": {"survey": True},
    }
    ended = {} if is_open else {"completed_at": (now - timedelta(seconds=2)).isoformat(), "is_resolved": True}
    return {**body, **ended, **fields}
