"""Makes the pair of keys that backups are encrypted with."""

from pathlib import Path
from typing import Any

from django.core.management import CommandError, CommandParser
from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.common.terminal import TerminalCommand
from feedback_site.operations.backups.encryption import make_key


class Command(TerminalCommand):
    """Write the private key into a file, and print the public one for BACKUP_KEYS."""

    help = "Makes a key pair for backups: the private key goes into a file, the public one into BACKUP_KEYS."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask where the private key goes."""
        parser.add_argument("file", type=Path, help=_("A new file for the private key."))

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        """Make the pair, and say what to do with its halves."""
        try:
            public = make_key(file)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"BACKUP_KEYS={public}")
        self.stdout.write(
            _(
                "Keep %(file)s away from this server, in two safe places: without it no backup can be "
                "restored, and with it every backup can be read."
            )
            % {"file": file}
        )
