"""Restores a backup into an empty site."""

from pathlib import Path
from typing import Any

from django.core.management import CommandError, CommandParser
from django.core.management.base import SystemCheckError
from django.utils.translation import gettext as _

from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.common.terminal import TerminalCommand
from feedback_site.operations.backups.restoring import restore_backup


class Command(TerminalCommand):
    """Restore a backup, and say what to do next."""

    help = "Restores a backup into an empty database and this site's folders."
    requires_migrations_checks = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the backup and the private key."""
        parser.add_argument("folder", type=Path, help=_("The folder of one backup."))
        parser.add_argument(
            "--key",
            type=Path,
            required=True,
            metavar="FILE",
            help=_("The private key, as `backup_key` wrote it."),
        )

    def handle(self, *_args: Any, folder: Path, key: Path, **_options: Any) -> None:
        """Restore; what is missing afterwards is said by name."""
        try:
            about = restore_backup(folder=folder, key_file=key, at=database_now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        except SystemCheckError as error:
            message = _("The backup is restored, but the site cannot work with it yet: %(reason)s")
            raise CommandError(message % {"reason": error}) from error
        self.stdout.write(
            _(
                "Restored as of %(moment)s: %(rows)s rows in %(tables)d tables. `manage.py verify` checks "
                "that all adds up."
            )
            % {"moment": about.made_at, "rows": f"{sum(about.rows.values()):,}", "tables": len(about.rows)}
        )
