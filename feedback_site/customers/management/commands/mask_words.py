"""Masks what people wrote before words were masked, and keeps sealed what masking changes."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from feedback_site.common.clock import database_now
from feedback_site.common.terminal import TerminalCommand
from feedback_site.customers.services.old_words import BATCH, mask_old_words


class Command(TerminalCommand):
    """Run it once after an upgrade.

    It may be broken off and begun again, and changes nothing that is masked.
    """

    help = "Masks personal data in words that were stored before words were masked."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the size of a batch."""
        parser.add_argument("--batch", type=int, default=BATCH)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Walk through all rows and say how far it is."""
        done: dict[str, tuple[int, int]] = {}
        for kind, looked_at, masked in mask_old_words(at=database_now(), batch=options["batch"]):
            done[kind] = looked_at, masked
            if self.stdout.isatty():
                self.stdout.write(f"{kind}: {looked_at}", ending="\r")
        for kind, (looked_at, masked) in done.items():
            line = _("%(kind)s: %(looked_at)d looked at, %(masked)d masked")
            self.stdout.write(line % {"kind": kind, "looked_at": looked_at, "masked": masked})
