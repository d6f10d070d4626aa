"""Begins a new file of the access log's anchors after the old one was lost."""

from typing import Any

from django.core.management import CommandError, CommandParser
from django.utils.translation import gettext as _

from feedback_site.accounts.services import anchor_path, begin_anchors
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.common.terminal import TerminalCommand


class Command(TerminalCommand):
    """Put the loss on record and begin again; refuse where nothing was lost."""

    help = "Begins a new anchor file of the access log after a loss, which stays an entry of the log."

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the reason."""
        parser.add_argument("reason", help=_("What became of the old file; it is kept in the access log."))

    def handle(self, *_args: Any, reason: str, **_options: Any) -> None:
        """Begin, and say which entry tells of it."""
        try:
            entry = begin_anchors(reason=reason, at=database_now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        line = _("%(path)s begins again; entry %(entry)d of the access log says so.")
        self.stdout.write(line % {"path": anchor_path(), "entry": entry.pk})
