"""What the commands that read a person's file share.

Options, the list of rows not taken in, the closing line.
"""

import csv
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from feedback_site.common.exceptions import DomainError
from feedback_site.common.table_files.importing import ImportCounts
from feedback_site.common.terminal import TerminalCommand

ListRow = Callable[[int, str], None]


class FileImportCommand(TerminalCommand):
    """The base of `import_...` commands: every row is imported, or listed with its line and the reason."""

    _progress = ""
    # What is to be said about the file as a whole; a command fills it while it imports.
    notes: Sequence[str] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and how to read it."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping", type=Path, help="JSON: columns, constants, time zone and more; see docs/mappings/."
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would happen and change nothing."
        )
        parser.add_argument("--report", type=Path, help="Also write the listed rows to this CSV file.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import the file and print what became of its rows."""
        try:
            with ExitStack() as exits:
                counts = self.import_file(options, self._lister(options["report"], exits))
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        # Not translated: scripts read these lines.
        for note in self.notes:
            self.stdout.write(f"note: {note}")
        if options["dry_run"]:
            self.stdout.write("dry run: nothing was changed")
        for line in self.closing_lines(counts):
            self.stdout.write(line)

    def import_file(self, options: dict[str, Any], list_row: ListRow) -> ImportCounts:
        """Import the file; `list_row(line, reason)` is called for each row that cannot be."""
        raise NotImplementedError

    def closing_lines(self, counts: ImportCounts) -> list[str]:
        """Return the lines that sum the import up."""
        return [str(counts)]

    def show_progress(self, *, done: int, total: int, rate: int) -> None:
        """Say on a terminal how far the file is, in one line that is written over and over."""
        if self.stderr.isatty():
            remaining = f", {(total - done) // rate} s" if rate else ""
            self._progress = f"{done:,} / {total:,} ({done * 100 // max(total, 1)} %), {rate:,}/s{remaining}"
            self.stderr.write(f"\r{self._progress}", ending="")
            self.stderr.flush()

    def clear_progress(self) -> None:
        """Take the line of progress away, so that what is printed next does not mix with it."""
        if self._progress:
            self.stderr.write("\r" + " " * len(self._progress) + "\r", ending="")
            self._progress = ""

    def _lister(self, report: Path | None, exits: ExitStack) -> ListRow:
        writer = None
        if report is not None:
            # With a byte order mark, because such files are opened in spreadsheets.
            writer = csv.writer(exits.enter_context(report.open("w", encoding="utf-8-sig", newline="")))
            writer.writerow(["line", "reason"])

        def list_row(line: int, reason: str) -> None:
            self.stdout.write(f"line {line}: {reason}")
            if writer is not None:
                writer.writerow([line, reason])

        return list_row
