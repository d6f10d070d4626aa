"""Rows of the sheet `survey`, one after the other: each becomes a question, or is listed with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from django.utils.translation import gettext as _

from feedback_site.common.languages import Language
from feedback_site.questionnaires.document import (
    ConditionContent,
    Document,
    Json,
    OptionContent,
    QuestionContent,
    Settings,
    Texts,
)
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.questions.cells import OTHER
from feedback_site.questionnaires.services.drafting import propose_metrics
from feedback_site.questionnaires.services.exchange.schema import (
    MOST_PAGES,
    MOST_QUESTIONS,
    MOST_TESTS,
)
from feedback_site.questionnaires.services.exchange.xlsform.columns import (
    bound,
    is_bound_by_language,
    list_column,
    list_unread,
    list_unused,
)
from feedback_site.questionnaires.services.exchange.xlsform.conditions import (
    ALWAYS,
    NEVER,
    EarlierQuestion,
    condition_of,
    joined,
)
from feedback_site.questionnaires.services.exchange.xlsform.expressions import CannotSayError
from feedback_site.questionnaires.services.exchange.xlsform.form import Notes, XlsForm
from feedback_site.questionnaires.services.exchange.xlsform.names import Keys, slug_of
from feedback_site.questionnaires.services.exchange.xlsform.options import ChoiceLists, with_other
from feedback_site.questionnaires.services.exchange.xlsform.reading import read_sheets
from feedback_site.questionnaires.services.exchange.xlsform.settings import limits_of, range_of
from feedback_site.questionnaires.services.exchange.xlsform.types import reason_against, settings_of, type_of
from feedback_site.questionnaires.services.exchange.xlsform.wording import (
    CHINESE,
    ENGLISH,
    TextReader,
    clean,
    language_of,
)

_TRUE, _FALSE = {"yes", "true", "true()", "1"}, {"", "no", "false", "false()", "0"}
_LONGEST_TEXT, _LONGEST_TITLE, _LONGEST_SLUG = 300, 120, 60
_THANKS = {ENGLISH: "Thank you for your answers.", CHINESE: "感谢您的回答。"}


@dataclass(frozen=True, slots=True)
class _Path:
    """Who is asked, and whether the form asks fewer than can be said here."""

    condition: ConditionContent
    is_wider: bool = False


_EVERYBODY = _Path(ALWAYS)


@dataclass(frozen=True, slots=True)
class _Group:
    """A group that is open.

    The row it began in, its condition, and why its rows are left out, if they are.
    """

    row: int
    condition: "_Path"
    left_out: str = ""


def read_xlsform(stream: BinaryIO, *, name: str) -> XlsForm:
    """Return what a workbook becomes, `name` being that of its file.

    Raises `DomainError` with the reason where it cannot be read.
    """
    return map_sheets(read_sheets(stream), name=name)


def map_sheets(sheets: Json, *, name: str) -> XlsForm:
    """Return what the sheets of a workbook become, see `process` for their shape."""
    name = clean(name)
    return _FormMapper(sheets, name=name.rpartition("/")[2].rpartition(".")[0] or name).read()


class _FormMapper:
    """One form on its way."""

    def __init__(self, sheets: Json, *, name: str) -> None:
        self.sheets = sheets
        self.name = name
        self.settings: Json = sheets["settings"][0] if sheets["settings"] else {}
        self.notes = Notes()
        self.wording = TextReader(self.notes, default_language=str(self.settings.get("default_language", "")))
        self.lists = ChoiceLists(sheets["choices"], notes=self.notes, wording=self.wording)
        self.keys = Keys()
        self.asked: dict[str, EarlierQuestion] = {}
        self.questions: list[QuestionContent] = []
        self.groups: list[_Group] = []
        self.page = 1

    def read(self) -> XlsForm:
        """Map every row."""
        list_unread(self.sheets, self.notes)
        for row in self.sheets["survey"]:
            self._map(row)
        for group in self.groups:
            self.notes.add(group.row, _("the group does not end."))
        document = self._document()
        self.lists.close()
        self.wording.close()
        return XlsForm(document, self.notes.listed())

    def _map(self, row: Json) -> None:
        control = row.get("control")
        if row["type"] == "begin" and isinstance(control, str):
            self._begin(row, control)
        elif row["type"] == "end" and isinstance(control, str):
            self._end(row)
        elif self._left_out:
            self._leave_out(row)
        elif len(self.questions) >= MOST_QUESTIONS:
            self.notes.add(
                row["row"], _("a questionnaire has at most %(most)s questions.") % {"most": MOST_QUESTIONS}
            )
        elif type_of(row):
            self._ask(row, type_of(row))
        else:
            self.notes.add(row["row"], reason_against(row))

    def _begin(self, row: Json, control: str) -> None:
        left_out = self._left_out
        if left_out:
            self.notes.add(row["row"], left_out)
        elif control != "group":
            self.notes.add(row["row"], _("repeat groups cannot be mapped."))
            left_out = _("this stands inside a repeat, which cannot be mapped.")
        path = _EVERYBODY if left_out else self._path(row)
        if path.condition == NEVER:
            self.notes.add(row["row"], _("its condition never holds; the group is left out."))
            left_out = _("the condition of its group never holds; it is left out.")
        self.groups.append(_Group(row["row"], path, left_out))
        if not left_out:
            self._open(row)

    def _open(self, row: Json) -> None:
        """Begin a page, and state the heading of a group that has one."""
        if len(self.groups) == 1:
            self._turn_the_page()
        texts = self.wording.texts(row.get("label"), row=row["row"], most=_LONGEST_TEXT)
        if any(texts.values()):
            self._add(row, type_of({"type": "note"}), texts)
        elif row.get("hint"):
            list_column(row, "hint", self.notes)
        list_unused(row, self.notes)

    @property
    def _left_out(self) -> str:
        """Why the rows that come now are left out, nothing where they are not."""
        return next((group.left_out for group in self.groups if group.left_out), "")

    def _leave_out(self, row: Json, reason: str = "") -> None:
        """List a row that is left out, and keep in mind what is known of its answer.

        In a group that is never asked: that there is none.
        """
        self.notes.add(row["row"], reason or self._left_out)
        if any(group.condition.condition == NEVER for group in self.groups) or reason:
            self.asked[str(row.get("name", ""))] = EarlierQuestion("", "", is_never_asked=True)

    def _end(self, row: Json) -> None:
        if not self.groups:
            self.notes.add(row["row"], _("a group ends that did not begin."))
            return
        list_unused(row, self.notes, is_end=True)
        group = self.groups.pop()
        if not self.groups and not group.left_out:
            self._turn_the_page()

    def _turn_the_page(self) -> None:
        if any(question.page == self.page for question in self.questions):
            self.page = min(self.page + 1, MOST_PAGES)

    def _ask(self, row: Json, kind: str) -> None:
        path = self._within_groups(row, self._path(row))
        if path.condition == NEVER:
            self._leave_out(row, _("its condition never holds; the question is left out."))
            return
        texts = self.wording.texts(row.get("label"), row=row["row"], most=_LONGEST_TEXT)
        if not any(texts.values()):
            texts = self.wording.texts(row.get("hint") or row.get("name"), row=row["row"], most=_LONGEST_TEXT)
            self.notes.add(row["row"], _("the row has no label; its hint or its name stands there."))
        if not any(texts.values()):
            self.notes.add(row["row"], _("the row says nothing; it is left out."))
            return
        options: list[OptionContent] = []
        names: Mapping[str, str] = {}
        if QUESTION_CLASSES[kind].has_options:
            options, names = self.lists.options_of(str(row["list"]))
            if not options:
                self.notes.add(
                    row["row"], _("there is no list “%(name)s” of choices.") % {"name": str(row["list"])[:60]}
                )
                return
            options = with_other(options) if row.get("or_other") else options
        settings = self._settings(row, kind, options=len(options))
        question = replace(self._add(row, kind, texts, path), options=tuple(options), settings=settings)
        self.questions[-1] = question
        self._remember(row, question, names)
        list_unused(row, self.notes)

    def _add(self, row: Json, kind: str, texts: Texts, path: _Path | None = None) -> QuestionContent:
        name = str(row.get("name", ""))
        key = self.keys.key_for(name, instead="question")
        if name.strip() not in {"", key}:
            self.notes.add(
                row["row"],
                _("the name “%(name)s” became the ID “%(key)s”.") % {"name": name[:60], "key": key},
            )
        path = path or self._within_groups(row, _EVERYBODY)
        question = QuestionContent(
            key=key,
            type=kind,
            required=QUESTION_CLASSES[kind].asks and self._is_required(row, path),
            page=self.page,
            text=texts,
            help=self.wording.texts(row.get("hint"), row=row["row"], most=_LONGEST_TEXT),
            condition=path.condition,
        )
        self.questions.append(question)
        return question

    def _remember(self, row: Json, question: QuestionContent, names: Mapping[str, str]) -> None:
        is_certain = question.required and not question.depends_on
        is_whole = not question.settings.get("places")
        known = dict(names) | ({OTHER: OTHER} if row.get("or_other") else {})
        asked = EarlierQuestion(question.key, question.type, is_certain, is_whole, options=known)
        name = str(row.get("name", ""))
        # A name that two rows have says nothing of which one is meant.
        self.asked[name] = EarlierQuestion("", "") if name in self.asked else asked

    def _path(self, row: Json) -> _Path:
        """Return who a row is for, by its own words."""
        text = bound(row, "relevant")
        if not text:
            return _Path(ALWAYS, is_wider=is_bound_by_language(row, "relevant"))
        try:
            return _Path(condition_of(text, self.asked))
        except CannotSayError as reason:
            sentence = _("the condition “%(text)s” cannot be mapped (%(reason)s); it is left out.")
            self.notes.add(row["row"], sentence % {"text": text[:120], "reason": reason})
            return _Path(ALWAYS, is_wider=True)

    def _within_groups(self, row: Json, own: _Path) -> _Path:
        """Return who is asked: those for whom the row and all its groups are."""
        paths = [*(group.condition for group in self.groups), own]
        is_wider = any(path.is_wider for path in paths)
        try:
            flat = joined("all", [path.condition for path in paths])
        except CannotSayError as reason:
            sentence = _(
                "the conditions of the row and of its groups cannot be joined (%(reason)s); they are left "
                "out."
            )
            self.notes.add(row["row"], sentence % {"reason": reason})
            return _Path(ALWAYS, is_wider=True)
        if len(flat.tests) > MOST_TESTS:
            self.notes.add(row["row"], _("the condition has too many parts; it is left out."))
            return _Path(ALWAYS, is_wider=True)
        return _Path(flat, is_wider)

    def _is_required(self, row: Json, path: _Path) -> bool:
        """Whether an answer is needed of all who are asked here.

        Never of more people than the form needs it of.
        """
        text = bound(row, "required")
        if text.lower() not in _TRUE | _FALSE or is_bound_by_language(row, "required"):
            self.notes.add(
                row["row"],
                _("whether it is required depends on “%(text)s”; it is optional here.")
                % {"text": text[:120]},
            )
        if text.lower() not in _TRUE:
            return False
        obstacle = ""
        if path.is_wider:
            obstacle = _("it is required of some people only, and asked of more here; it is optional.")
        elif bound(row, "readonly").lower() not in _FALSE:
            obstacle = _("the form shows it without taking an answer; it is optional here.")
        if obstacle:
            self.notes.add(row["row"], obstacle)
        return not obstacle

    def _settings(self, row: Json, kind: str, *, options: int) -> Settings:
        settings = dict(settings_of(row))
        try:
            if row["type"] == "range":
                settings |= range_of(row["parameters"])
            elif row["parameters"] is None or row["parameters"]:
                list_column(row, "parameters", self.notes)
        except CannotSayError as reason:
            self.notes.add(
                row["row"],
                _("the range cannot be mapped exactly (%(reason)s); any number is taken.")
                % {"reason": reason},
            )
        text = bound(row, "constraint")
        if not text:
            return settings
        try:
            takes_decimals = bool(settings.get("places"))
            settings |= limits_of(text, kind=kind, takes_decimals=takes_decimals, options=options)
        except CannotSayError as reason:
            sentence = _("the limit “%(text)s” cannot be mapped (%(reason)s); it is left out.")
            self.notes.add(row["row"], sentence % {"text": text[:120], "reason": reason})
        return settings

    def _document(self) -> Document:
        texts = self.wording.texts(
            self.settings.get("title"), row=self.settings.get("row", 0), most=_LONGEST_TITLE, sheet="settings"
        )
        slug = slug_of(str(self.settings.get("id_string") or self.name), most=_LONGEST_SLUG).lower() or "form"
        if not any(texts.values()):
            self.notes.add(
                0, _("the form states no title; the name of its file stands there."), sheet="settings"
            )
            texts = dict.fromkeys((ENGLISH, CHINESE), self.name[:_LONGEST_TITLE].strip() or slug)
        english_first = language_of(str(self.settings.get("default_language", ""))) == ENGLISH
        return Document(
            slug=slug,
            name=texts,
            title=texts,
            thanks=_THANKS,
            default_language=Language.ENGLISH.value if english_first else Language.CHINESE.value,
            questions=propose_metrics(self.questions),
        )
