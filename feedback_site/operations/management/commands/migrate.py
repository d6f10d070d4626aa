"""Django's `migrate`, which leaves a database of another beginning alone."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangoCommand

from feedback_site.common.terminal import TerminalCommand
from feedback_site.operations.beginnings import refusal_of

_REFUSED = 2


class Command(TerminalCommand, DjangoCommand):
    """Refuse before anything is changed, else migrate."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at what the database has applied first."""
        refusal = refusal_of(options["database"])
        if refusal:
            raise CommandError(refusal, returncode=_REFUSED)
        super().handle(*args, **options)
