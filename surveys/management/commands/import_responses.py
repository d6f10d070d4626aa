"""`manage.py import_responses FILE --survey KEY`: answers that were collected elsewhere.

Options: `--mapping MAPPING.json`, `--dry-run`, `--report REPORT.csv`.
"""

from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import listed
from feedback_site.common.table_files import ImportCounts, open_table
from feedback_site.common.table_files.command import FileImportCommand, ListRow
from surveys.management.response_files.importing import import_rows
from surveys.management.response_files.mapping import ResponseMapping
from surveys.models import Survey


class Command(FileImportCommand):
    help = (
        "Import answers collected elsewhere from a CSV or XLSX file: every row is imported, or listed with "
        "its line and the reason."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, how to read it, and whose questions were asked."""
        super().add_arguments(parser)
        parser.add_argument(
            "--survey", required=True, metavar="KEY", help="The survey rule whose questions were asked."
        )

    def import_file(self, options: dict[str, Any], list_row: ListRow) -> ImportCounts:
        """Take in the answer of every row."""
        survey = _survey(options["survey"])
        mapping = ResponseMapping.load(options["mapping"]) if options["mapping"] else ResponseMapping()
        path = options["file"]
        opened = partial(
            open_table, name=path.name, encoding=mapping.encoding, is_heading=mapping.is_heading()
        )
        with path.open("rb") as stream, opened(stream) as table:
            counts = import_rows(
                rows=table.rows,
                survey=survey,
                mapping=mapping.for_table(table),
                list_row=list_row,
                is_dry_run=options["dry_run"],
            )
            self.notes = table.notes.sentences()
            return counts


def _survey(key: str) -> Survey:
    survey = Survey.objects.select_related("questionnaire", "team").filter(slug=key).first()
    if survey is None:
        known = listed(Survey.objects.order_by("slug").values_list("slug", flat=True)) or "-"
        raise DomainError(
            _("There is no survey rule %(key)s. Known are: %(known)s") % {"key": key, "known": known}
        )
    return survey
