"""Runs the whole site in one terminal, without sample data, or one part of it under another supervisor."""

import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from feedback_site.common.terminal import TerminalCommand
from feedback_site.embedded import (
    EmbeddedServersUnavailable,
    needed_servers,
    running_servers,
)
from feedback_site.operations.processes import (
    beat_process,
    prepare_site,
    web_port,
    web_process,
    worker_process,
)
from feedback_site.operations.supervisor import ProcessSpec, Supervisor

PREPARE = "prepare"


class Command(TerminalCommand):
    """Migrate, then web, worker and beat until Ctrl-C."""

    help = "Runs web, worker and beat; starts PostgreSQL and Valkey where no URL is configured."
    requires_migrations_checks = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the port, and the parts."""
        parser.add_argument("--port", type=int, default=web_port())
        parser.add_argument(
            "--only",
            choices=[PREPARE, "web", "worker", "beat"],
            help=_(
                "Do only this, for systemd or containers: prepare (bring the database and the static files "
                "up to date, then end), or run one process."
            ),
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until asked to stop."""
        try:
            with running_servers(kinds=needed_servers()):
                status = self._run(options["port"], options["only"])
        except EmbeddedServersUnavailable as error:
            raise CommandError(str(error)) from error
        sys.exit(status)

    def _run(self, port: int, only: str | None) -> int:
        if only in {None, PREPARE}:
            prepare_site()
        if only == PREPARE:
            return 0
        return Supervisor(_processes(port, only)).run(when_started=lambda: self._tell(port, only))

    def _tell(self, port: int, only: str | None) -> None:
        if only in {None, "web"}:
            address = f"http://127.0.0.1:{port}/"
            self.stdout.write(_("%(address)s (Ctrl-C to stop)") % {"address": address})


def _processes(port: int, only: str | None) -> list[ProcessSpec]:
    everything = [web_process(port), worker_process(), beat_process()]
    return [process for process in everything if only in {None, process.name}]
