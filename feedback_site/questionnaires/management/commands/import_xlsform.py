"""Imports XLSForms and says what became of each file.

`manage.py import_xlsform FILE [--slug SLUG] [--team CODE] [--dry-run]`, or `--table FOLDER` for all that a
folder holds.
"""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from feedback_site.accounts.models import Team
from feedback_site.common.exceptions import DomainError
from feedback_site.common.terminal import TerminalCommand
from feedback_site.questionnaires.document import write_document
from feedback_site.questionnaires.services.exchange import import_definition
from feedback_site.questionnaires.services.exchange.xlsform import XlsForm, read_xlsform

_WORKBOOKS = {".xls", ".xlsx"}


class Command(TerminalCommand):
    help = "Make a draft of an XLSForm; what has no counterpart here is listed with its sheet and row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and what the draft is called and whose it is."""
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument(
            "--slug", default="", help="What the questionnaire is called; otherwise the form says it."
        )
        parser.add_argument(
            "--team", default="", metavar="CODE", help="The team that owns it; otherwise it is shared by all."
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would happen and change nothing."
        )
        parser.add_argument(
            "--table",
            type=Path,
            metavar="FOLDER",
            help="Only print how much of each workbook in a folder can be mapped.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import one file, or try a folder of them."""
        if options["table"]:
            self._print_table(options["table"])
            return
        if options["file"] is None:
            message = "Name a file, or a folder after --table."
            raise CommandError(message)
        try:
            form = _read(options["file"])
            self._print(form)
            if form.refusal:
                raise CommandError(form.refusal)
            self._import(form, options)
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error

    def _print(self, form: XlsForm) -> None:
        for entry in form.listed:
            self.stdout.write(str(entry))
        # Not translated: scripts read these lines.
        self.stdout.write(f"mapped {form.mapped}, listed {len(form.listed)}")

    def _import(self, form: XlsForm, options: dict[str, Any]) -> None:
        if options["dry_run"]:
            self.stdout.write("dry run: nothing was changed")
            return
        team = Team.objects.filter(code=options["team"]).first() if options["team"] else None
        if options["team"] and team is None:
            message = f"There is no team {options['team']}."
            raise CommandError(message)
        document = replace(form.document, slug=options["slug"] or form.document.slug)
        questionnaire = import_definition(definition=write_document(document), team=team)
        self.stdout.write(f"draft {questionnaire.slug}")

    def _print_table(self, folder: Path) -> None:
        self.stdout.write("| file | mapped | listed | refused |\n| --- | ---: | ---: | --- |")
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in _WORKBOOKS:
                self.stdout.write(f"| {path.name} | {' | '.join(_row(path))} |")


def _read(path: Path) -> XlsForm:
    with path.open("rb") as stream:
        return read_xlsform(stream, name=path.name)


def _row(path: Path) -> tuple[str, str, str]:
    try:
        form = _read(path)
    except DomainError as refusal:
        return "0", "0", str(refusal)
    return str(form.mapped), str(len(form.listed)), form.refusal
