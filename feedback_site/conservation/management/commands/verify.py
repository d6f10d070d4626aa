"""Checks that everything adds up."""

import sys
from datetime import timedelta
from typing import Any

from django.core.management import CommandError, CommandParser
from django.utils.translation import gettext as _

from feedback_site.common.clock import database_now
from feedback_site.common.terminal import TerminalCommand
from feedback_site.conservation.ledger import Ledger, read_ledger
from feedback_site.conservation.recent import read_touched
from feedback_site.conservation.running import FAULTS_SHOWN, CheckResult, one_snapshot, run_checks


class Command(TerminalCommand):
    """Print the ledger and every check; exit 1 with the rows at fault."""

    help = "Checks conservation: every event in one state, tallies equal recomputation, nothing sent twice."

    def add_arguments(self, parser: CommandParser) -> None:
        """Define the options."""
        parser.add_argument(
            "--recent",
            type=int,
            metavar="MINUTES",
            help=_(
                "Check only what was written in the last minutes, with all that belongs to it: fast, for "
                "every minute."
            ),
        )

    def handle(self, *_args: Any, recent: int | None, **_options: Any) -> None:
        """Read one snapshot, print, and leave with 1 when anything is at fault."""
        if recent is not None and recent < 1:
            raise CommandError(_("Say how many minutes back, at least 1."))
        results, is_complete = self._check_all() if recent is None else self._check_recent(recent)
        for result in results:
            self._print_result(result)
        at_fault = [result for result in results if not result.is_ok]
        if at_fault or not is_complete:
            self.stdout.write(
                self.style.ERROR(
                    _("%(count)d of %(all)d checks failed.") % {"count": len(at_fault), "all": len(results)}
                )
            )
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS(_("All %(all)d checks hold.") % {"all": len(results)}))

    def _check_all(self) -> tuple[list[CheckResult], bool]:
        with one_snapshot():
            ledger = read_ledger()
            results = run_checks()
        self._print_ledger(ledger)
        return results, ledger.is_complete

    def _check_recent(self, minutes: int) -> tuple[list[CheckResult], bool]:
        with one_snapshot():
            touched = read_touched(since=database_now() - timedelta(minutes=minutes))
            results = run_checks(touched=touched)
        self.stdout.write(
            _(
                "Touched in the last %(minutes)d minutes: %(events)d events, %(invitations)d invitations, "
                "%(messages)d messages"
            )
            % {
                "minutes": minutes,
                "events": len(touched.events),
                "invitations": len(touched.invitations),
                "messages": len(touched.messages),
            }
        )
        return results, True

    def _print_ledger(self, ledger: Ledger) -> None:
        self.stdout.write(_("Service events: %(events)d") % {"events": ledger.events})
        for state, count in ledger.states.items():
            self.stdout.write(f"  {state:<14} {count:>9}")
            if state == "withheld":
                for reason, number in ledger.reasons.items():
                    self.stdout.write(f"    {reason:<12} {number:>9}")
        self.stdout.write(f"  {'=':<14} {sum(ledger.states.values()):>9}")

    def _print_result(self, result: CheckResult) -> None:
        word = self.style.SUCCESS("ok  ") if result.is_ok else self.style.ERROR("FAIL")
        self.stdout.write(f"{word} {result.check.slug}: {result.check.sentence}")
        for fault in result.faults:
            self.stdout.write(f"       {fault.key}: {fault.detail}")
        if result.fault_count > FAULTS_SHOWN:
            self.stdout.write(_("       and %(count)d more") % {"count": result.fault_count - FAULTS_SHOWN})
