"""Rows of the sheet `survey`, one after the other: each becomes a question, or is listed with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from feedback_site.common.languages import Language
from surveys.enums import Layout, Metric
from surveys.services.exchange.schema import FORMAT, MOST_PAGES, MOST_QUESTIONS, MOST_TESTS, VERSION
from surveys.services.exchange.xlsform.conditions import ALWAYS, Asked, Flat, condition_of, joined
from surveys.services.exchange.xlsform.expressions import CannotSayError
from surveys.services.exchange.xlsform.form import Notes, XlsForm
from surveys.services.exchange.xlsform.names import Keys, slug_of
from surveys.services.exchange.xlsform.options import ChoiceLists, with_other
from surveys.services.exchange.xlsform.reading import read_sheets
from surveys.services.exchange.xlsform.settings import limits_of, range_of
from surveys.services.exchange.xlsform.types import reason_against, settings_of, type_of
from surveys.services.exchange.xlsform.wording import CHINESE, ENGLISH, Wording, clean, language_of

Row = dict[str, Any]
_TRUE, _FALSE = {"yes", "true", "true()", "1"}, {"", "no", "false", "false()", "0"}
_READ = {"type", "written_type", "control", "name", "label", "hint", "bind", "row", "list", "or_other", "parameters"}
_READ_OF_BIND = {"relevant", "required", "constraint"}
_SETTINGS = {"title", "id_string", "default_language", "row"}
_SHEETS = {"survey", "choices", "settings"}
_LONGEST_TEXT, _LONGEST_TITLE, _LONGEST_SLUG = 300, 120, 60
_EMPTY = {ENGLISH: "", CHINESE: ""}
_THANKS = {ENGLISH: "Thank you for your answers.", CHINESE: "感谢您的回答。"}


@dataclass(frozen=True, slots=True)
class _Group:
    """A group that is open: the row it began in, its condition, and whether its rows are left out."""

    row: int
    condition: Flat
    is_left_out: bool = False


def read_xlsform(stream: BinaryIO, *, name: str) -> XlsForm:
    """Return what a workbook becomes, `name` being that of its file. Raises `DomainError` with the reason where it cannot be read."""
    return map_sheets(read_sheets(stream), name=name)


def map_sheets(sheets: dict[str, Any], *, name: str) -> XlsForm:
    """Return what the sheets of a workbook become, see `process` for their shape."""
    name = clean(name)
    return _Reader(sheets, name=name.rpartition("/")[2].rpartition(".")[0] or name).read()


class _Reader:
    """One form on its way."""

    def __init__(self, sheets: dict[str, Any], *, name: str) -> None:
        self.sheets = sheets
        self.name = name
        self.settings: Row = sheets["settings"][0] if sheets["settings"] else {}
        self.notes = Notes()
        self.wording = Wording(self.notes, default_language=str(self.settings.get("default_language", "")))
        self.lists = ChoiceLists(sheets["choices"], notes=self.notes, wording=self.wording)
        self.keys = Keys()
        self.asked: dict[str, Asked] = {}
        self.questions: list[dict[str, Any]] = []
        self.groups: list[_Group] = []
        self.page = 1

    def read(self) -> XlsForm:
        """Map every row."""
        self._list_what_was_not_read()
        for row in self.sheets["survey"]:
            self._map(row)
        for group in self.groups:
            self.notes.add(group.row, _("the group does not end."))
        definition = self._definition()
        self.lists.close()
        self.wording.close()
        return XlsForm(definition, self.notes.listed())

    def _list_what_was_not_read(self) -> None:
        for note in self.sheets["columns"]:
            sentences = {
                "twice": _("the columns “%(other)s” and “%(name)s” mean the same; only the first is read."),
                "columns": _("the row fills only columns that are not read: %(name)s."),
                "row": _("the row cannot be read: %(name)s"),
            }
            words = {"name": str(note["name"])[:200], "other": str(note.get("other", ""))[:60]}
            self.notes.add(note["row"], sentences[note["problem"]] % words, sheet=note["sheet"])
        for sheet in self.sheets["sheets"]:
            if str(sheet).lower() not in _SHEETS and len(self.sheets["sheets"]) > 1:
                self.notes.add(0, _("the sheet is not read."), sheet=str(sheet)[:60])
        for column in sorted(self.settings.keys() - _SETTINGS):
            self.notes.add(self.settings["row"], _("the column “%(column)s” is not used.") % {"column": column[:60]}, sheet="settings")
        if self.sheets["complaint"]:
            self.notes.add(0, _("pyxform objects: %(sentence)s") % {"sentence": self.sheets["complaint"]}, sheet="survey")

    def _map(self, row: Row) -> None:
        control = row.get("control")
        if row["type"] == "begin" and isinstance(control, str):
            self._begin(row, control)
        elif row["type"] == "end" and isinstance(control, str):
            self._end(row)
        elif any(group.is_left_out for group in self.groups):
            self.notes.add(row["row"], _("this stands inside a repeat, which cannot be mapped."))
        elif len(self.questions) >= MOST_QUESTIONS:
            self.notes.add(row["row"], _("a questionnaire has at most %(most)s questions.") % {"most": MOST_QUESTIONS})
        elif type_of(row):
            self._ask(row, type_of(row))
        else:
            self.notes.add(row["row"], reason_against(row))

    def _begin(self, row: Row, control: str) -> None:
        if control != "group":
            self.notes.add(row["row"], _("repeat groups cannot be mapped."))
            self.groups.append(_Group(row["row"], ALWAYS, is_left_out=True))
            return
        condition = self._condition(row)
        if not self.groups:
            self._turn_the_page()
        self.groups.append(_Group(row["row"], condition))
        texts = self.wording.texts(row.get("label"), row=row["row"], most=_LONGEST_TEXT)
        if any(texts.values()) and not any(group.is_left_out for group in self.groups):
            self._add(row, "section", texts, {"help": self.wording.texts(row.get("hint"), row=row["row"], most=_LONGEST_TEXT)})
        elif row.get("hint"):
            self._list_column(row, "hint")
        self._list_unused(row)

    def _end(self, row: Row) -> None:
        if not self.groups:
            self.notes.add(row["row"], _("a group ends that did not begin."))
            return
        group = self.groups.pop()
        if not self.groups and not group.is_left_out:
            self._turn_the_page()

    def _turn_the_page(self) -> None:
        if any(question["page"] == self.page for question in self.questions):
            self.page = min(self.page + 1, MOST_PAGES)

    def _ask(self, row: Row, kind: str) -> None:
        texts = self.wording.texts(row.get("label"), row=row["row"], most=_LONGEST_TEXT)
        if not any(texts.values()):
            texts = self.wording.texts(row.get("hint") or row.get("name"), row=row["row"], most=_LONGEST_TEXT)
            self.notes.add(row["row"], _("the row has no label; its hint or its name stands there."))
        if not any(texts.values()):
            self.notes.add(row["row"], _("the row says nothing; it is left out."))
            return
        parts: dict[str, Any] = {}
        names: Mapping[str, str] = {}
        if kind in {"choice", "multiple"}:
            options, names = self.lists.options_of(str(row["list"]))
            if not options:
                self.notes.add(row["row"], _("there is no list “%(name)s” of choices.") % {"name": str(row["list"])[:60]})
                return
            parts["options"] = with_other(options) if row.get("or_other") else options
        parts["settings"] = self._settings(row, kind)
        parts["help"] = self.wording.texts(row.get("hint"), row=row["row"], most=_LONGEST_TEXT)
        question = self._add(row, kind, texts, parts)
        self._remember(row, question, names)
        self._list_unused(row)

    def _add(self, row: Row, kind: str, texts: dict[str, str], parts: dict[str, Any]) -> dict[str, Any]:
        name = str(row.get("name", ""))
        key = self.keys.key_for(name, instead="question")
        if name.strip() not in {"", key}:
            self.notes.add(row["row"], _("the name “%(name)s” became the ID “%(key)s”.") % {"name": name[:60], "key": key})
        own = self._condition(row)
        question = {
            "key": key,
            "type": kind,
            "metric": Metric.NONE.value,
            "indicator": "",
            "required": kind != "section" and self._is_required(row),
            "page": self.page,
            "set": "",
            "settings": {},
            "text": texts,
            **{word: dict(_EMPTY) for word in ("help", "low_label", "high_label")},
            "options": [],
            "rows": [],
            "condition": self._within_groups(row, own),
            **parts,
        }
        self.questions.append(question)
        return question

    def _remember(self, row: Row, question: dict[str, Any], names: Mapping[str, str]) -> None:
        is_certain = question["required"] and not question["condition"]["tests"]
        is_whole = not question["settings"].get("places")
        known = dict(names) | ({"other": "other"} if row.get("or_other") else {})
        self.asked[str(row.get("name", ""))] = Asked(question["key"], question["type"], is_certain, is_whole, known)

    def _condition(self, row: Row) -> Flat:
        text = _bind(row, "relevant")
        if not text:
            return ALWAYS
        try:
            return condition_of(text, self.asked)
        except CannotSayError as reason:
            sentence = _("the condition “%(text)s” cannot be mapped (%(reason)s); it is left out.")
            self.notes.add(row["row"], sentence % {"text": text[:120], "reason": reason})
            return ALWAYS

    def _within_groups(self, row: Row, own: Flat) -> dict[str, Any]:
        parts = [*(group.condition for group in self.groups), own]
        # The heading of a group has the group's own condition twice.
        parts = [part for place, part in enumerate(parts) if part not in parts[:place]]
        try:
            flat = joined("all", parts)
        except CannotSayError as reason:
            sentence = _("the conditions of the row and of its groups cannot be joined (%(reason)s); they are left out.")
            self.notes.add(row["row"], sentence % {"reason": reason})
            flat = ALWAYS
        if len(flat.tests) > MOST_TESTS:
            self.notes.add(row["row"], _("the condition has too many parts; it is left out."))
            flat = ALWAYS
        return {"join": flat.join, "tests": [dict(test) for test in flat.tests]}

    def _is_required(self, row: Row) -> bool:
        text = _bind(row, "required")
        if text.lower() not in _TRUE | _FALSE:
            self.notes.add(row["row"], _("whether it is required depends on “%(text)s”; it is optional here.") % {"text": text[:120]})
        return text.lower() in _TRUE

    def _settings(self, row: Row, kind: str) -> dict[str, Any]:
        settings: dict[str, Any] = settings_of(row, kind)
        try:
            if row["type"] == "range":
                settings |= range_of(row["parameters"])
            elif row["parameters"] is None or row["parameters"]:
                self._list_column(row, "parameters")
        except CannotSayError as reason:
            self.notes.add(row["row"], _("the range cannot be mapped exactly (%(reason)s); any number is taken.") % {"reason": reason})
        text = _bind(row, "constraint")
        if not text:
            return settings
        try:
            return settings | limits_of(text, kind=kind, takes_decimals=bool(settings.get("places")))
        except CannotSayError as reason:
            sentence = _("the limit “%(text)s” cannot be mapped (%(reason)s); it is left out.")
            self.notes.add(row["row"], sentence % {"text": text[:120], "reason": reason})
        return settings

    def _list_unused(self, row: Row) -> None:
        bind, control = row.get("bind"), row.get("control")
        unused = {str(column) for column in row.keys() - _READ}
        unused |= {str(column) for column in (bind.keys() - _READ_OF_BIND if isinstance(bind, dict) else ())}
        unused |= {str(column) for column in (control if isinstance(control, dict) else ())}
        for column in unused:
            self._list_column(row, column)

    def _list_column(self, row: Row, column: str) -> None:
        self.notes.add(row["row"], _("the column “%(column)s” is not used.") % {"column": column[:60]})

    def _definition(self) -> dict[str, Any]:
        texts = self.wording.texts(self.settings.get("title"), row=self.settings.get("row", 0), most=_LONGEST_TITLE, sheet="settings")
        slug = slug_of(str(self.settings.get("id_string") or self.name), most=_LONGEST_SLUG).lower() or "form"
        if not any(texts.values()):
            self.notes.add(0, _("the form states no title; the name of its file stands there."), sheet="settings")
            texts = dict.fromkeys((ENGLISH, CHINESE), self.name[:_LONGEST_TITLE].strip() or slug)
        english_first = language_of(str(self.settings.get("default_language", ""))) == ENGLISH
        return {
            "format": FORMAT,
            "version": VERSION,
            "slug": slug,
            "name": texts,
            "title": texts,
            "intro": dict(_EMPTY),
            "thanks": dict(_THANKS),
            "privacy": dict(_EMPTY),
            "hotline": "",
            "layout": Layout.PAGES.value,
            "default_language": Language.ENGLISH.value if english_first else Language.CHINESE.value,
            "questions": self.questions,
            "end_pages": [],
        }


def _bind(row: Row, name: str) -> str:
    """Return one of the expressions of a row; a translated one is none."""
    bind = row.get("bind")
    value = bind.get(name, "") if isinstance(bind, dict) else ""
    return value.strip() if isinstance(value, str) else ""
