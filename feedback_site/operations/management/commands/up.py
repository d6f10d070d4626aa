"""Runs the whole site in one terminal, without sample data."""

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
from feedback_site.operations.supervisor import Supervisor


class Command(TerminalCommand):
    """Migrate, then web, worker and beat until Ctrl-C."""

    help = "Runs web, worker and beat; starts PostgreSQL and Valkey where no URL is configured."
    requires_migrations_checks = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the port."""
        parser.add_argument("--port", type=int, default=web_port())

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until asked to stop."""
        try:
            with running_servers(kinds=needed_servers()):
                status = self._run(options["port"])
        except EmbeddedServersUnavailable as error:
            raise CommandError(str(error)) from error
        sys.exit(status)

    def _run(self, port: int) -> int:
        prepare_site()
        supervisor = Supervisor([web_process(port), worker_process(), beat_process()])
        address = f"http://127.0.0.1:{port}/"
        return supervisor.run(
            when_started=lambda: self.stdout.write(
                _("%(address)s (Ctrl-C to stop)") % {"address": address},
            ),
        )
