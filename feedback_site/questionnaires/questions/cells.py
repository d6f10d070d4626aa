"""What the cells of other forms say, as fields of our questions: labels,
several options in a cell or a column each, days of spreadsheets.

What a cell says and no field can hold is an error, never left out.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import override

from feedback_site.common.languages import Language
from feedback_site.common.listing import listed
from feedback_site.questionnaires.enums import CallBackSlot
from feedback_site.questionnaires.questions import CompiledQuestion, InvalidAnswer
from feedback_site.questionnaires.questions.call_back import CallBackQuestion
from feedback_site.questionnaires.questions.choice import OTHER, ChoiceQuestion
from feedback_site.questionnaires.questions.consent import ConsentQuestion
from feedback_site.questionnaires.questions.contact import ContactQuestion
from feedback_site.questionnaires.questions.date import DateQuestion
from feedback_site.questionnaires.questions.matrix import MatrixQuestion
from feedback_site.questionnaires.questions.yes_no import YesNoQuestion

Cells = Mapping[str, Sequence[str]]
Fields = dict[str, list[str]]
_YES = {"1", "yes", "y", "true", "x", "✓", "✔", "√", "☑", "是", "对", "选", "选中", "有"}
_NO = {"0", "no", "n", "false", "-", "×", "☐", "否", "不是", "未选", "没有"}
_AGREES = {"yes": {"agree", "同意"}, "no": {"disagree", "不同意"}}
_WHOLE = re.compile(r"(\d+)\.0+")
# The first divides for certain; the second stands in words,
# too, and divides only where a whole cell is no option.
_DIVIDERS = (re.compile(r"[;\n|]+"), re.compile(r"[,、]+"))
# These belong to words as often: they divide only where nothing but
# options is left. Survey tools put a space, others a list in brackets.
_RARE_DIVIDERS = (re.compile(r"[/+&\t]+"), re.compile(r"\s+"))
_LIST = re.compile(r"\[(.*)\]", re.DOTALL)
_MIDNIGHT = r"(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_DAY = re.compile(rf"(\d{{4}})([-/.]|年)\s*(\d{{1,2}})(?:\2|月)\s*(\d{{1,2}})日?{_MIDNIGHT}")
# Days as spreadsheets count them, from 1954 to 2100: five digits are no other way to write a day.
_SERIAL = re.compile(r"([2-7]\d{4})(?:\.0+)?")
_FIRST_SERIAL, _LAST_SERIAL = date(1899, 12, 30), 73_415


def fields_of_cells(question: CompiledQuestion, cells: Cells) -> Fields:
    """Return the fields of one question that say what its cells
    say (by name: its key, or key.part). Raises InvalidAnswer.
    """
    read = next((reader for kind, reader in _READERS if isinstance(question, kind)), _read_one)
    return read(question, cells)


def _read_one(question: CompiledQuestion, cells: Cells) -> Fields:
    _refuse_parts(question, cells, known=())
    return {
        name: [_score(value) if question.scores else value for value in values]
        for name, values in cells.items()
    }


def _read_day(question: CompiledQuestion, cells: Cells) -> Fields:
    _refuse_parts(question, cells, known=())
    return {name: [_day(value) for value in values] for name, values in cells.items()}


def _read_matrix(question: MatrixQuestion, cells: Cells) -> Fields:
    rows = _keys_by_word((row["key"], row["text"]) for row in question.rows)
    fields: Fields = {}
    for part, values in _parts(question, cells).items():
        row = rows.get(_word(part))
        if row is None:
            raise _unknown_part(question, part, [row["key"] for row in question.rows])
        fields.setdefault(f"{question.key}.{row}", []).extend(map(_score, values))
    return fields


def _read_contact(question: ContactQuestion, cells: Cells) -> Fields:
    _refuse_parts(question, cells, known=question.parts)
    whole = [value for value in cells.get(question.key, ()) if value.strip()]
    fields = {name: list(values) for name, values in cells.items() if name != question.key}
    for value in whole:
        fields.setdefault(f"{question.key}.{'email' if '@' in value else 'phone'}", []).append(value)
    return fields


def _read_call_back(question: CallBackQuestion, cells: Cells) -> Fields:
    _refuse_parts(question, cells, known=("slot", "phone"))
    slots = _keys_by_word((slot.value, _in_both(lambda slot=slot: str(slot.label))) for slot in CallBackSlot)  # type: ignore[misc]
    slot, phone = f"{question.key}.slot", f"{question.key}.phone"
    fields = {
        name: [slots.get(_word(value), value) if name == slot else value for value in values]
        for name, values in cells.items()
    }
    whole = fields.pop(question.key, [])
    return {**fields, phone: [*fields.get(phone, []), *whole]} if whole else fields


def _read_options(question: ChoiceQuestion, cells: Cells) -> Fields:
    """Read options by key or by label, and the words beside the one that asks for them."""
    reading = _Options(question)
    for value in cells.get(question.key, ()):
        reading.take(value)
    for part, values in _parts(
        question, {name: values for name, values in cells.items() if name != question.key}
    ).items():
        for value in values:
            reading.take_part(part, value)
    return reading.fields()


class _Options:
    """The options that the cells of one question choose."""

    def __init__(self, question: ChoiceQuestion) -> None:
        self.question = question
        self.keys = _keys_by_word(
            (option["key"], option["text"]) for option in question.options
        ) | _more_words(question)
        self.asking = [str(option["key"]) for option in question.options if option.get("asks_text")]
        self.chosen: list[str] = []
        self.words: list[str] = []

    def take(self, value: str) -> None:
        """Read a cell that names options."""
        for piece in self._pieces(value):
            key = self.keys.get(_word(piece))
            if key is not None:
                self.chosen.append(key)
            elif not self._take_words(piece):
                if piece == value.strip():
                    raise InvalidAnswer(_("Please choose one of the options."))
                known = listed([str(option["key"]) for option in self.question.options])
                raise InvalidAnswer(
                    _("“%(value)s” is no option. Known are: %(known)s")
                    % {"value": piece[:60], "known": known}
                )

    def take_part(self, part: str, value: str) -> None:
        """Read the column of one option, or of the words beside one."""
        key, mark = self.keys.get(_word(part)), _word(_score(value))
        if part == OTHER and mark not in _YES | _NO:
            self.words.append(value)
        elif key is None:
            raise _unknown_part(self.question, part, [str(option["key"]) for option in self.question.options])
        elif mark in _YES or self.keys.get(_word(value)) == key:
            self.chosen.append(key)
        elif mark not in _NO:
            words = {"part": part[:60], "value": value[:60]}
            raise InvalidAnswer(_("“%(value)s” in the column of “%(part)s” says neither yes nor no.") % words)

    def fields(self) -> Fields:
        """Return the fields. Words need an option that asks
        for them: where none is chosen, they choose the first.
        """
        key = self.question.key
        if self.words and not set(self.chosen) & set(self.asking):
            if not self.asking or (self.chosen and not self.question.is_multiple):
                raise InvalidAnswer(
                    _("“%(value)s” belongs to no option that was chosen.") % {"value": self.words[0][:60]}
                )
            self.chosen.append(self.asking[0])
        fields = {key: list(dict.fromkeys(self.chosen))} if self.chosen else {}
        return fields | ({f"{key}.{OTHER}": self.words} if self.words else {})

    def _pieces(self, value: str) -> list[str]:
        """Return the options that a cell names: all of it where that is one, else what its dividers leave."""
        if not self.question.is_multiple:
            return [value.strip()] if value.strip() else []
        pieces = [value]
        listed_in_brackets = _LIST.fullmatch(value.strip())
        if listed_in_brackets and not self._is_option(value):
            pieces = [piece.strip().strip("\"'") for piece in listed_in_brackets[1].split(",")]
        for divider in _DIVIDERS:
            pieces = [
                part
                for piece in pieces
                for part in ([piece] if self._is_option(piece) else divider.split(_plain(piece)))
            ]
        return [part for piece in pieces if piece.strip() for part in self._rarely_divided(piece.strip())]

    def _rarely_divided(self, piece: str) -> list[str]:
        for divider in () if self._is_option(piece) else _RARE_DIVIDERS:
            parts = [part for part in divider.split(_plain(piece)) if part.strip()]
            if len(parts) > 1 and all(map(self._is_option, parts)):
                return parts
        return [piece]

    def _is_option(self, text: str) -> bool:
        return _word(text) in self.keys

    def _take_words(self, piece: str) -> bool:
        """Read `other: words`."""
        name, colon, words = _plain(piece).partition(":")
        key = self.keys.get(_word(name))
        if not colon or key not in self.asking or not words.strip():
            return False
        self.chosen.append(key)
        self.words.append(words.strip())
        return True


def _more_words(question: ChoiceQuestion) -> dict[str, str]:
    """Return further words for yes and no."""
    if not isinstance(question, YesNoQuestion):
        return {}
    words = dict.fromkeys(_YES, "yes") | dict.fromkeys(_NO, "no")
    if isinstance(question, ConsentQuestion):
        for key, more in _AGREES.items():
            words |= dict.fromkeys(more, key)
        words |= {_word(text): "yes" for text in _in_both(lambda: _("I agree")).values()}
        words |= {_word(text): "no" for text in _in_both(lambda: _("I do not agree")).values()}
    return words


def _keys_by_word(named: Iterator[tuple[str, Mapping[str, str]]]) -> dict[str, str]:
    """Return keys by themselves and by their labels; a label
    that two have stands for neither, a key always for itself.
    """
    entries = list(named)
    found: dict[str, str] = {}
    doubled: set[str] = set()
    for key, texts in entries:
        for word in {_word(str(text)) for text in texts.values()} - {""}:
            if found.setdefault(word, key) != key:
                doubled.add(word)
    return {word: key for word, key in found.items() if word not in doubled} | {
        _word(key): key for key, _texts in entries
    }


def _in_both(text: Callable[[], str]) -> dict[str, str]:
    found = {}
    for language in Language.values:
        with override(language):
            found[language] = text()
    return found


def _parts(question: CompiledQuestion, cells: Cells) -> dict[str, Sequence[str]]:
    """Return cells by their part; a cell of the question as a whole names none."""
    if question.key in cells:
        raise InvalidAnswer(_("Name the row, like %(example)s.") % {"example": f"{question.key}.…"})
    return {name.removeprefix(f"{question.key}."): values for name, values in cells.items()}


def _refuse_parts(question: CompiledQuestion, cells: Cells, *, known: Sequence[str]) -> None:
    for name in cells:
        part = name.removeprefix(question.key).removeprefix(".")
        if part and part not in known:
            raise _unknown_part(question, part, known)


def _unknown_part(question: CompiledQuestion, part: str, known: Sequence[str]) -> InvalidAnswer:
    words = {"part": part[:60], "question": question.key, "known": listed(known) or "-"}
    return InvalidAnswer(_("“%(part)s” is no part of “%(question)s”. Known are: %(known)s") % words)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _word(text: str) -> str:
    """Return what two spellings of one word share; spreadsheets write 1 as 1.0."""
    return " ".join(_score(_plain(text)).casefold().split())


def _score(value: str) -> str:
    whole = _WHOLE.fullmatch(_plain(value).strip())
    return whole.group(1) if whole else value


def _day(value: str) -> str:
    text = _plain(value).strip()
    if found := _DAY.fullmatch(text):
        return f"{found[1]}-{found[3]}-{found[4]}"
    serial = _SERIAL.fullmatch(text)
    if serial and int(serial[1]) <= _LAST_SERIAL:
        return (_FIRST_SERIAL + timedelta(days=int(serial[1]))).isoformat()
    return value


_READERS: tuple[tuple[type[CompiledQuestion], Callable[..., Fields]], ...] = (
    (ChoiceQuestion, _read_options),
    (MatrixQuestion, _read_matrix),
    (DateQuestion, _read_day),
    (ContactQuestion, _read_contact),
    (CallBackQuestion, _read_call_back),
)
