"""`manage.py import_service_events FILE [--mapping MAPPING.json] [--dry-run] [--replay] [--report REPORT.csv]`."""

from argparse import ArgumentParser
from typing import Any

from feedback_site.common.table_files import ImportCounts, read_rows
from feedback_site.common.table_files.command import FileImportCommand, ListRow
from feedback_site.service_events.management.event_files.importing import EventCounts, import_rows
from feedback_site.service_events.management.event_files.mapping import EventMapping


class Command(FileImportCommand):
    help = "Import service events from a CSV or XLSX file: every row is imported, or listed with its line and the reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, how to read it, and whether it is history."""
        super().add_arguments(parser)
        parser.add_argument("--replay", action="store_true", help="History: each event's own time counts as now; nothing is sent out.")

    def import_file(self, options: dict[str, Any], list_row: ListRow) -> ImportCounts:
        """Record the event of every row."""
        mapping = EventMapping.load(options["mapping"]) if options["mapping"] else EventMapping()
        headings, rows = read_rows(options["file"], encoding=mapping.encoding)
        return import_rows(
            rows=rows,
            mapping=mapping.for_headings(headings),
            list_row=list_row,
            is_replayed=options["replay"],
            is_dry_run=options["dry_run"],
        )

    def closing_lines(self, counts: ImportCounts) -> list[str]:
        """Say also how many of the imported events are completed: those are asked about."""
        completed = counts.completed if isinstance(counts, EventCounts) else 0
        return [f"completed among the imported: {completed}", *super().closing_lines(counts)]
