"""The lists of the sheet `choices`."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from feedback_site.questionnaires.document import Json, OptionContent
from feedback_site.questionnaires.questions.cells import OTHER
from feedback_site.questionnaires.services.exchange.schema import MOST_OPTIONS
from feedback_site.questionnaires.services.exchange.xlsform.form import Notes
from feedback_site.questionnaires.services.exchange.xlsform.names import Keys
from feedback_site.questionnaires.services.exchange.xlsform.wording import CHINESE, ENGLISH, TextReader

_LONGEST_OPTION = 120
_OTHER = {ENGLISH: "Other", CHINESE: "其他"}
_READ = {"list name", "list_name", "name", "label", "row"}


class ChoiceLists:
    """Options by list, each with the key that stands for its name."""

    def __init__(self, rows: list[Json], *, notes: Notes, wording: TextReader) -> None:
        self.notes = notes
        self.wording = wording
        self.rows: defaultdict[str, list[Json]] = defaultdict(list)
        for row in rows:
            name = str(row.get("list name") or row.get("list_name") or "").strip()
            if name:
                self.rows[name].append(row)
            else:
                notes.add(row["row"], _("the choice belongs to no list."), sheet="choices")
        self._known: dict[str, tuple[list[OptionContent], dict[str, str]]] = {}
        self.used: set[str] = set()

    def options_of(self, name: str) -> tuple[list[OptionContent], Mapping[str, str]]:
        """Return the options of a list, and their keys by the names in the form.

        Empty where there is no such list.
        """
        self.used.add(name)
        if name not in self._known:
            self._known[name] = self._read(name)
        options, keys = self._known[name]
        return list(options), keys

    def close(self) -> None:
        """List what no one asks for, and the columns that are not read."""
        for name, rows in self.rows.items():
            for row in rows:
                if name not in self.used:
                    sentence = _("no mapped question uses the list “%(name)s”.") % {"name": name[:60]}
                    self.notes.add(row["row"], sentence, sheet="choices")
                    continue
                for column in row.keys() - _READ:
                    sentence = _("the column “%(column)s” is not used.") % {"column": str(column)[:60]}
                    self.notes.add(row["row"], sentence, sheet="choices")

    def _read(self, name: str) -> tuple[list[OptionContent], dict[str, str]]:
        options: list[OptionContent] = []
        keys: dict[str, str] = {}
        given = Keys()
        for row in self.rows.get(name, ())[:MOST_OPTIONS]:
            value = str(row.get("name", "")).strip()
            texts = self.wording.texts(
                row.get("label"), row=row["row"], most=_LONGEST_OPTION, sheet="choices"
            )
            if not any(texts.values()):
                texts = self.wording.texts(value, row=row["row"], most=_LONGEST_OPTION, sheet="choices")
            if not any(texts.values()) or value in keys:
                self.notes.add(
                    row["row"],
                    _("the choice has no name, or one that its list has already."),
                    sheet="choices",
                )
                continue
            keys[value] = given.key_for(value, instead="option")
            if keys[value] != value:
                words = {"name": value[:60], "key": keys[value]}
                self.notes.add(
                    row["row"], _("the name “%(name)s” became the ID “%(key)s”.") % words, sheet="choices"
                )
            options.append(OptionContent(keys[value], texts))
        if len(self.rows.get(name, ())) > MOST_OPTIONS:
            self.notes.add(
                0,
                _("a list has more than %(most)s choices; the rest was left out.") % {"most": MOST_OPTIONS},
                sheet="choices",
            )
        return options, keys


def with_other(options: list[OptionContent]) -> list[OptionContent]:
    """Return the options with one that asks for words: what `or_other` means."""
    if any(option.key == OTHER for option in options):
        return [replace(option, asks_text=True) if option.key == OTHER else option for option in options]
    return [*options, OptionContent(OTHER, _OTHER, asks_text=True)]
