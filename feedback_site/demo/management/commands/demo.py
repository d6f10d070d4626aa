"""Runs the whole site with sample data, so that there is something to look at."""

import os
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.common.terminal import TerminalCommand
from feedback_site.demo.credentials import FILE_NAME, write_credentials
from feedback_site.demo.http import TransportError, send
from feedback_site.demo.loading import load_sample
from feedback_site.demo.ports import HOST, free_port, is_free
from feedback_site.embedded import EmbeddedServersUnavailable, needed_servers, running_servers
from feedback_site.operations.processes import (
    DEFAULT_PORT,
    beat_process,
    prepare_site,
    web_process,
    worker_process,
)
from feedback_site.operations.supervisor import ProcessSpec, Supervisor

SMTP_PORT, SMS_PORT = 8025, 8026
_READY_SECONDS = 90.0
_STEP_SECONDS = 0.1


class Command(TerminalCommand):
    """Servers, sample data, sinks, web, worker, beat and a stream of events until Ctrl-C."""

    help = (
        "Runs the site with sample data: events come in, simulated customers answer; nothing leaves this "
        "machine."
    )
    requires_migrations_checks = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the port."""
        parser.add_argument(
            "--port",
            type=int,
            default=int(os.environ.get("PORT") or 0),
            help="default: 8000, or the next free one",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until asked to stop."""
        self.started = time.monotonic()
        port = _web_port(options["port"])
        try:
            with running_servers(kinds=needed_servers()):
                status = self._run(port)
        except (EmbeddedServersUnavailable, DomainError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            sys.exit(130)
        sys.exit(status)

    def _run(self, port: int) -> int:
        data_dir = settings.DATA_DIR
        self._say(_("Preparing the database ..."))
        prepare_site()
        self._say(_("Loading the sample company with its history since last quarter ..."))
        is_new = load_sample(say=lambda line: self._say(f"  {line}"))
        self._say(
            _("Sample loaded.")
            if is_new
            else _("The sample of the last run is there; `make demo-reset` starts over.")
        )
        smtp_port = free_port(SMTP_PORT, taken=frozenset({port}))
        sms_port = free_port(SMS_PORT, taken=frozenset({port, smtp_port}))
        addresses = {
            "base_url": os.environ.get("PUBLIC_BASE_URL", f"http://{HOST}:{port}").rstrip("/"),
            "smtp_port": smtp_port,
            "sms_gateway_url": f"http://{HOST}:{sms_port}/sms",
        }
        credentials = write_credentials(file=data_dir / FILE_NAME, addresses=addresses, at=database_now())
        supervisor = Supervisor(demo_processes(port, sms_port, credentials), log_dir=_empty_log_dir(data_dir))
        return supervisor.run(when_started=lambda: self._await_ready(supervisor, port, credentials))

    def _await_ready(self, supervisor: Supervisor, port: int, credentials: dict[str, Any]) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while not supervisor.is_stopping and not _is_healthy(port):
            if time.monotonic() > deadline:
                raise CommandError(
                    _("The site does not answer; see %(logs)s.") % {"logs": settings.DATA_DIR / "logs"}
                )
            supervisor.step(seconds=_STEP_SECONDS)
        if not supervisor.is_stopping:
            self._say_where_to_look(credentials)

    def _say_where_to_look(self, credentials: dict[str, Any]) -> None:
        base_url, admin, data_dir = credentials["base_url"], credentials["admin"], settings.DATA_DIR
        seconds = time.monotonic() - self.started
        # The word that programs wait for, the same in every language.
        self._say(self.style.SUCCESS(f"ready in {seconds:.0f} s: {base_url}/{settings.ADMIN_PATH}"))
        rows = (
            (
                _("Staff pages"),
                f"{base_url}/{settings.ADMIN_PATH}  {admin['username']} / {admin['password']}",
            ),
            (_("Customer messages"), credentials["voice_url"]),
            (_("API"), f"{base_url}/api/v1/docs/"),
            (_("Credentials"), data_dir / FILE_NAME),
            (_("Messages sent"), data_dir / "outbox"),
            (_("Logs"), data_dir / "logs"),
        )
        for label, value in rows:
            self._say(f"  {label}: {value}")
        self._say(_("Ctrl-C stops everything."))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _web_port(chosen: int) -> int:
    """Return the port that was asked for, else the first free one from 8000 on."""
    if not chosen:
        return free_port(DEFAULT_PORT)
    if not is_free(chosen):
        raise CommandError(
            _("Port %(port)d is in use. Choose another one: PORT=9000 make demo") % {"port": chosen}
        )
    return chosen


def demo_processes(port: int, sms_port: int, credentials: dict[str, Any]) -> list[ProcessSpec]:
    """Return what the demo runs; `SIMULATE=0` leaves out the event stream and the customers who answer."""
    env = {
        "PUBLIC_BASE_URL": credentials["base_url"],
        "EMAIL_URL": f"smtp://{HOST}:{credentials['smtp_port']}",
        "SMS_GATEWAY_URL": credentials["sms_gateway_url"],
        "SMS_GATEWAY_SECRET": settings.SMS_GATEWAY_SECRET,
        # Customers are made up, so staff may see what a customer sees.
        "SHOW_LIVE_LINKS": "1",
        "DATA_DIR": str(settings.DATA_DIR),
    }
    outbox = settings.DATA_DIR / "outbox"
    ports = ["--smtp-port", str(credentials["smtp_port"]), "--sms-port", str(sms_port)]
    sinks = ProcessSpec("sinks", _module("sinks", *ports, "--outbox", str(outbox)), env)
    site = [sinks, web_process(port, env=env), worker_process(env=env), beat_process(env=env)]
    if os.environ.get("SIMULATE", "1") == "0":
        return site
    file = ["--credentials", str(settings.DATA_DIR / FILE_NAME)]
    return [
        *site,
        ProcessSpec("events", _module("trickle", *file), env),
        ProcessSpec("customers", _module("simulated_customers", *file, "--outbox", str(outbox)), env),
    ]


def _module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", f"feedback_site.demo.{name}", *arguments]


def _empty_log_dir(data_dir: Path) -> Path:
    log_dir = data_dir / "logs"
    for file in log_dir.glob("*.log"):
        file.unlink()
    return log_dir


def _is_healthy(port: int) -> bool:
    try:
        return send(f"http://{HOST}:{port}/health/", timeout=2).is_ok
    except TransportError:
        return False
