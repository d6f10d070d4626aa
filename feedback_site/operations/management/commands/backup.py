"""Backs up the site while it runs."""

from pathlib import Path
from typing import Any

from django.core.management import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.common.terminal import TerminalCommand
from feedback_site.operations.backups.making import delete_old_backups, make_backup


class Command(TerminalCommand):
    """Write an encrypted backup of the database and the files into a folder."""

    help = "Backs up the database and the files, encrypted for the public keys in BACKUP_KEYS."

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask where the backup goes and how many stay."""
        parser.add_argument(
            "folder", type=Path, help=_("Where backups are kept; each gets a folder of its own.")
        )
        parser.add_argument(
            "--keep", type=int, metavar="NUMBER", help=_("Delete older backups there, all but so many.")
        )

    def handle(self, *_args: Any, folder: Path, keep: int | None, **_options: Any) -> None:
        """Make the backup first, then delete the old ones."""
        if keep is not None and keep < 1:
            raise CommandError(_("Keep at least 1 backup."))
        try:
            made = make_backup(into=folder, at=database_now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        size = sum(file.stat().st_size for file in made.iterdir()) / 1_000_000
        self.stdout.write(f"{made}: {size:.1f} MB")
        if keep is not None and (gone := delete_old_backups(within=folder, keep=keep)):
            self.stdout.write(
                ngettext("%(count)d older backup deleted", "%(count)d older backups deleted", len(gone))
                % {"count": len(gone)}
            )
