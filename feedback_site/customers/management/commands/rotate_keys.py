"""Sealing and indexing under the first keys, so that older ones can go."""

import sys
from collections import defaultdict
from typing import Any

from django.core.management import CommandParser
from django.utils.translation import gettext as _

from feedback_site.common.listing import listed, with_remark
from feedback_site.common.sealing.keys import field_keys, index_keys
from feedback_site.common.terminal import TerminalCommand
from feedback_site.customers.services.keys_in_use import UNNAMED, keys_in_use
from feedback_site.customers.services.rotating import BATCH, Rotated, rotate_all

_FAULTS_SHOWN = 20
_LISTS = {"field": "FIELD_ENCRYPTION_KEYS", "index": "BLIND_INDEX_KEYS"}


class Command(TerminalCommand):
    """Rotate with a line of progress per batch, then say which keys are still in use.

    Exits with 1 when a value could not be rotated.
    """

    help = (
        "Seals and indexes everything under the first keys of FIELD_ENCRYPTION_KEYS and BLIND_INDEX_KEYS "
        "while the site runs. "
        "Put the new keys in front and restart every process first. Cut short, the next run goes on where it "
        "was."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the options."""
        parser.add_argument(
            "--batch",
            type=int,
            default=BATCH,
            metavar="ROWS",
            help=_("How many rows one transaction rotates."),
        )
        parser.add_argument(
            "--forget-unknown",
            action="store_true",
            help=_(
                "Let go of indexes whose address is kept nowhere, so that they cannot be made again under "
                "another key."
            ),
        )

    def handle(self, *_args: Any, batch: int, forget_unknown: bool, **_options: Any) -> None:
        """Rotate, print, and leave with 1 when an older key is needed on."""
        results = rotate_all(report=self._print_progress, forgets_unknown=forget_unknown, batch=max(batch, 1))
        for result in results:
            self._print_result(result)
        if self._print_keys():
            sys.exit(1)

    def _print_progress(self, result: Rotated) -> None:
        self.stdout.write(
            _("%(table)s: %(count)d rows") % {"table": result.table, "count": result.done + result.merged}
        )

    def _print_result(self, result: Rotated) -> None:
        if result.merged:
            text = _(
                "%(table)s: %(count)d rows named a contact that another row names already; one of each is "
                "kept"
            )
            self.stdout.write(text % {"table": result.table, "count": result.merged})
        if result.unknown:
            text = _(
                "%(table)s: %(count)d rows hold an index whose address is kept nowhere (--forget-unknown "
                "lets go of them)"
            )
            self.stdout.write(text % {"table": result.table, "count": result.unknown})
        for place in result.broken[:_FAULTS_SHOWN]:
            self.stdout.write(
                self.style.ERROR(
                    _("cannot be opened with the keys of this site: %(place)s") % {"place": place}
                )
            )
        if len(result.broken) > _FAULTS_SHOWN:
            self.stdout.write(_("and %(count)d more") % {"count": len(result.broken) - _FAULTS_SHOWN})

    def _print_keys(self) -> bool:
        """Say of each key whether it is needed, and return whether any but the first is."""
        uses = keys_in_use()
        is_older_needed = False
        for kind, keys in (("field", field_keys()), ("index", index_keys())):
            needed: defaultdict[bytes, dict[str, int]] = defaultdict(dict)
            of_kind = [use for use in uses if use.kind == kind]
            for use in of_kind:
                needed[use.key_id][use.column] = use.count
            for place, key_id in enumerate(keys):
                self.stdout.write(
                    f"{_LISTS[kind]} {place + 1} ({key_id.hex()}): "
                    f"{_verdict(needed.pop(key_id, {}), is_first=place == 0)}"
                )
            for key_id, columns in needed.items():
                name = _("not named") if key_id == UNNAMED else key_id.hex()
                self.stdout.write(
                    self.style.ERROR(f"{_LISTS[kind]} - ({name}): {_verdict(columns, is_first=False)}")
                )
            others = [use for use in of_kind if use.key_id != next(iter(keys))]
            is_older_needed = is_older_needed or bool(others)
        return is_older_needed


def _verdict(columns: dict[str, int], *, is_first: bool) -> str:
    if not columns and not is_first:
        return _("no longer in use, may be taken from the list")
    text = _("in use: %(count)d values") % {"count": sum(columns.values())}
    return (
        text
        if is_first
        else with_remark(text, listed(f"{column} {count}" for column, count in columns.items()))
    )
