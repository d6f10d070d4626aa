"""`manage.py import_service_events FILE`: a CSV or XLSX file into events.

Options: `--mapping MAPPING.json`, `--dry-run`, `--replay`, `--restart`, `--report REPORT.csv`.
"""

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from feedback_site.common.clock import database_now
from feedback_site.common.table_files import COMMAND, ImportCounts, object_at
from feedback_site.common.table_files.command import FileImportCommand, ListRow
from feedback_site.common.table_files.mapping import read_mapping
from feedback_site.common.terminal import terminal_language
from feedback_site.service_events.models import EventImport
from feedback_site.service_events.models.event_import import sentence_of
from feedback_site.service_events.services.importing import FileRowProblem, Run, begin_import, run_import


class Command(FileImportCommand):
    help = (
        "Import service events from a CSV or XLSX file: every row is imported, or listed with its line and "
        "the reason. "
        "An import that was interrupted goes on where it was when the command is given again."
    )
    completed = continued = 0

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, how to read it, and whether it is history."""
        super().add_arguments(parser)
        parser.add_argument(
            "--replay",
            action="store_true",
            help="History: each event's own time counts as now; nothing is sent out.",
        )
        parser.add_argument(
            "--restart",
            action="store_true",
            help="Begin at the first row even where an interrupted import could go on.",
        )

    def import_file(self, options: dict[str, Any], list_row: ListRow) -> ImportCounts:
        """Record the event of every row."""
        path = options["file"]
        with path.open("rb") as stream:
            event_import = begin_import(
                path=path,
                stream=stream,
                mapping=object_at(read_mapping(options["mapping"]), "mapping") if options["mapping"] else {},
                is_replayed=options["replay"],
                is_dry_run=options["dry_run"],
                is_restarted=options["restart"],
                language=terminal_language(),
                at=database_now(),
            )
            self._tell_of_resumption(event_import, list_row)

            def tell(now: EventImport, problems: Sequence[FileRowProblem]) -> None:
                self.clear_progress()
                for problem in problems:
                    list_row(problem.line, sentence_of(problem.reason, is_taken_in=problem.is_taken_in))
                self.show_progress(
                    done=now.position, total=now.rows_total or now.position, rate=now.rows_per_second
                )

            run_import(
                event_import=event_import,
                stream=stream,
                run=Run(clock=database_now, limits=COMMAND, tell=tell),
            )
        self.clear_progress()
        self.completed, self.continued = event_import.completed, event_import.continued
        self.notes = event_import.notes
        return ImportCounts(
            read=event_import.position,
            imported=event_import.imported + event_import.continued,
            repeated=event_import.repeated,
            listed=event_import.listed,
        )

    def closing_lines(self, counts: ImportCounts) -> list[str]:
        """Say how many rows completed an event, and how many added later facts to events on record."""
        added = [f"later facts among the imported: {self.continued}"] if self.continued else []
        return [*added, f"completed among the imported: {self.completed}", *super().closing_lines(counts)]

    def _tell_of_resumption(self, event_import: EventImport, list_row: ListRow) -> None:
        """List again what was listed before the interruption: the report is that of the whole file."""
        if not event_import.position:
            return
        self.stderr.write(
            _("An interrupted import goes on after row %(row)d.") % {"row": event_import.position}
        )
        for problem in event_import.problems.order_by("line"):
            list_row(problem.line, problem.sentence)
