"""`manage.py import_service_events FILE [--mapping MAPPING.json] [--dry-run] [--replay] [--report REPORT.csv]`."""

import csv
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from feedback_site.common.exceptions import DomainError
from feedback_site.common.terminal import TerminalCommand
from feedback_site.service_events.management.event_files.importing import ImportCounts, import_rows
from feedback_site.service_events.management.event_files.mapping import EventMapping, load_mapping
from feedback_site.service_events.management.event_files.reading import read_rows


class Command(TerminalCommand):
    help = "Import service events from a CSV or XLSX file: every row is imported, or listed with its line and the reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and how to read it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, help="JSON: columns, constants, time zone, completion rule; see docs/mappings/.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen and change nothing.")
        parser.add_argument("--replay", action="store_true", help="History: each event's own time counts as now; nothing is sent out.")
        parser.add_argument("--report", type=Path, help="Also write the listed rows to this CSV file.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import the file and print what became of its rows."""
        try:
            counts = self._import(options)
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        # Not translated: scripts read these lines.
        if options["dry_run"]:
            self.stdout.write("dry run: nothing was changed")
        self.stdout.write(f"completed among the imported: {counts.completed}")
        self.stdout.write(f"read {counts.read}, imported {counts.imported}, repeated {counts.repeated}, listed {counts.listed}")

    def _import(self, options: dict[str, Any]) -> ImportCounts:
        mapping = load_mapping(options["mapping"]) if options["mapping"] else EventMapping()
        headings, rows = read_rows(options["file"], encoding=mapping.encoding)
        with ExitStack() as exits:
            return import_rows(
                rows=rows,
                mapping=mapping.for_headings(headings),
                list_row=self._lister(options["report"], exits),
                is_replayed=options["replay"],
                is_dry_run=options["dry_run"],
            )

    def _lister(self, report: Path | None, exits: ExitStack) -> Callable[[int, str], None]:
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
