"""Collects every text that people read into the Chinese catalogue and compiles it.

The staff pages' library is included.
"""

import re
from argparse import ArgumentParser
from ast import literal_eval
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import django
import unfold
from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as CatalogMessage
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize

SOURCES = ("config", "feedback_site", "surveys", "nps", "visits")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES" / "django.po"

LITERAL = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
CALL = re.compile(rf"\b(n?p?gettext|_)\(((?:{LITERAL.pattern}|[,\s\w])*)\)")

Message = str | tuple[str, ...]


def _python_and_templates(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and not {
            "migrations",
            "static",
            "crispy",
            "simple_history",
        } & set(path.relative_to(root).parts):
            yield path


def messages_of(path: Path) -> Iterator[tuple[Message, str | None]]:
    """Yield message (a pair where there is a plural) and context of every translatable text of one file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from _messages_of_template(templatize(text, origin=str(path)))
        return
    for _line, message, _comments, context in extract("python", BytesIO(text.encode()), keywords=KEYWORDS):
        if message:
            yield message, context


def _messages_of_template(calls: str) -> Iterator[tuple[Message, str | None]]:
    # `templatize` turns a template into calls that GNU xgettext forgives; as Python they do not even parse.
    for match in CALL.finditer(calls):
        function, arguments = (
            match.group(1),
            [literal_eval(argument) for argument in LITERAL.findall(match.group(2))],
        )
        context = arguments.pop(0) if "pgettext" in function else None
        if arguments and arguments[0]:
            yield (arguments[0] if len(arguments) == 1 else (arguments[0], arguments[1])), context


def collect() -> Catalog:
    """Return a catalogue of every text in the project and in Unfold, which ships no Chinese."""
    catalog = Catalog(locale="zh_Hans", project="Feedback Site", domain="django", fuzzy=False)
    base = Path(settings.BASE_DIR)
    library, by_django = Path(unfold.__file__).parent, _translated_by_django()
    for root in [*(base / name for name in SOURCES), library]:
        for path in _python_and_templates(root):
            for message, context in messages_of(path):
                if not (root == library and _singular(message) in by_django):
                    catalog.add(message, context=context)
    return catalog


def _singular(message: Any) -> str:
    return message if isinstance(message, str) else str(message[0])


def _translated_by_django() -> set[str]:
    known: set[str] = set()
    for app in ("conf", "contrib/admin", "contrib/auth", "contrib/humanize"):
        with (Path(django.__file__).parent / app / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as file:
            known |= {
                _singular(message.id)
                for message in _entries(read_po(file, locale="zh_Hans"))
                if message.string
            }
    return known


def untranslated(catalog: Catalog) -> list[str]:
    """Return the messages that have no Chinese; one that was only guessed is not compiled, so it has none."""
    return [str(message.id) for message in _entries(catalog) if not _has_chinese(message)]


def _entries(catalog: Catalog) -> Iterator[CatalogMessage]:
    """Return what a catalogue holds without its header, which is a message of no words."""
    return (message for message in catalog if message.id)


def _has_chinese(message: CatalogMessage) -> bool:
    return not message.fuzzy and all(_forms(message.string))


def _forms(string: Any) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string or ("",))


class Command(BaseCommand):
    help = "Collect translatable texts into feedback_site/locale and compile them; --check only compares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer `--check`."""
        parser.add_argument(
            "--check",
            action="store_true",
            help="Write nothing; fail where a text is missing or has no Chinese.",
        )

    def handle(self, **options: Any) -> None:
        """Update the catalogue, keep what is translated, compile."""
        collected = collect()
        with CATALOGUE.open("rb") as file:
            catalog = read_po(file, locale="zh_Hans")
        known = {(message.id, message.context) for message in catalog}
        if options["check"]:
            missing = [str(message.id) for message in collected if (message.id, message.context) not in known]
            if faults := [*missing, *untranslated(catalog)]:
                raise CommandError("No Chinese for:\n" + "\n".join(faults))
            return
        catalog.update(collected, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        with CATALOGUE.open("wb") as file:
            write_po(file, catalog, width=120, sort_output=True, no_location=True, omit_header=False)
        with CATALOGUE.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        for message in untranslated(catalog):
            self.stderr.write(f"no Chinese: {message}")
