"""What question types need to read the cells of other forms as their fields.

Labels, several options in a cell or a column each, days of spreadsheets. What a cell says and no field can
hold is an error, never left out.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import override

from feedback_site.common.languages import Language
from feedback_site.common.listing import listed
from feedback_site.questionnaires.document import OptionContent
from feedback_site.questionnaires.questions.invalid import InvalidAnswer

Cells = Mapping[str, Sequence[str]]
FieldsOfCells = dict[str, list[str]]
OTHER = "other"
YES = {"1", "yes", "y", "true", "x", "✓", "✔", "√", "☑", "是", "对", "选", "选中", "有"}
NO = {"0", "no", "n", "false", "-", "×", "☐", "否", "不是", "未选", "没有"}
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


class AskedOptions(Protocol):
    """What cells are read against: a question with options."""

    key: str
    is_multiple: bool
    options: Sequence[OptionContent]

    @property
    def more_words(self) -> Mapping[str, str]:
        """Words that other forms write for an option, beside its key and its text."""


def read_options(question: AskedOptions, cells: Cells) -> FieldsOfCells:
    """Read options by key or by label, and the words beside the one that asks for them."""
    reading = _Options(question)
    for value in cells.get(question.key, ()):
        reading.take(value)
    for part, values in parts_of(
        question.key, {name: values for name, values in cells.items() if name != question.key}
    ).items():
        for value in values:
            reading.take_part(part, value)
    return reading.fields()


class _Options:
    """The options that the cells of one question choose."""

    def __init__(self, question: AskedOptions) -> None:
        self.question = question
        self.keys = keys_by_word((option.key, option.text) for option in question.options) | dict(
            question.more_words
        )
        self.asking = [option.key for option in question.options if option.asks_text]
        self.chosen: list[str] = []
        self.words: list[str] = []

    def take(self, value: str) -> None:
        """Read a cell that names options."""
        for piece in self._pieces(value):
            key = self.keys.get(word_of(piece))
            if key is not None:
                self.chosen.append(key)
            elif not self._take_words(piece):
                if piece == value.strip():
                    raise InvalidAnswer(_("Please choose one of the options."))
                known = listed([option.key for option in self.question.options])
                raise InvalidAnswer(
                    _("“%(value)s” is no option. Known are: %(known)s")
                    % {"value": piece[:60], "known": known}
                )

    def take_part(self, part: str, value: str) -> None:
        """Read the column of one option, or of the words beside one."""
        key, mark = self.keys.get(word_of(part)), word_of(score_of(value))
        if part == OTHER and mark not in YES | NO:
            self.words.append(value)
        elif key is None:
            raise unknown_part(self.question.key, part, [option.key for option in self.question.options])
        elif mark in YES or self.keys.get(word_of(value)) == key:
            self.chosen.append(key)
        elif mark not in NO:
            words = {"part": part[:60], "value": value[:60]}
            raise InvalidAnswer(_("“%(value)s” in the column of “%(part)s” says neither yes nor no.") % words)

    def fields(self) -> FieldsOfCells:
        """Return the fields.

        Words need an option that asks for them: where none is chosen, they choose the first.
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
        return word_of(text) in self.keys

    def _take_words(self, piece: str) -> bool:
        """Read `other: words`."""
        name, colon, words = _plain(piece).partition(":")
        key = self.keys.get(word_of(name))
        if not colon or key not in self.asking or not words.strip():
            return False
        self.chosen.append(key)
        self.words.append(words.strip())
        return True


def keys_by_word(named: Iterator[tuple[str, Mapping[str, str]]]) -> dict[str, str]:
    """Return keys by themselves and by their labels.

    A label that two have stands for neither, a key always for itself.
    """
    entries = list(named)
    found: dict[str, str] = {}
    doubled: set[str] = set()
    for key, texts in entries:
        for word in {word_of(str(text)) for text in texts.values()} - {""}:
            if found.setdefault(word, key) != key:
                doubled.add(word)
    return {word: key for word, key in found.items() if word not in doubled} | {
        word_of(key): key for key, _texts in entries
    }


def in_both(text: Callable[[], str]) -> dict[str, str]:
    """Return a text in each language."""
    found = {}
    for language in Language.values:
        with override(language):
            found[language] = text()
    return found


def parts_of(key: str, cells: Cells) -> dict[str, Sequence[str]]:
    """Return cells by their part; a cell of the question as a whole names none."""
    if key in cells:
        raise InvalidAnswer(_("Name the row, like %(example)s.") % {"example": f"{key}.…"})
    return {name.removeprefix(f"{key}."): values for name, values in cells.items()}


def refuse_parts(key: str, cells: Cells, *, known: Sequence[str]) -> None:
    """Raise InvalidAnswer where a cell names a part that the question does not have."""
    for name in cells:
        part = name.removeprefix(key).removeprefix(".")
        if part and part not in known:
            raise unknown_part(key, part, known)


def unknown_part(key: str, part: str, known: Sequence[str]) -> InvalidAnswer:
    """Return what is said of a part that the question does not have."""
    words = {"part": part[:60], "question": key, "known": listed(known) or "-"}
    return InvalidAnswer(_("“%(part)s” is no part of “%(question)s”. Known are: %(known)s") % words)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def word_of(text: str) -> str:
    """Return what two spellings of one word share; spreadsheets write 1 as 1.0."""
    return " ".join(score_of(_plain(text)).casefold().split())


def score_of(value: str) -> str:
    """Return a whole number without the decimals that spreadsheets add."""
    whole = _WHOLE.fullmatch(_plain(value).strip())
    return whole.group(1) if whole else value


def day_of(value: str) -> str:
    """Return the day that a spreadsheet means, YYYY-MM-DD where it can be told."""
    text = _plain(value).strip()
    if found := _DAY.fullmatch(text):
        return f"{found[1]}-{found[3]}-{found[4]}"
    serial = _SERIAL.fullmatch(text)
    if serial and int(serial[1]) <= _LAST_SERIAL:
        return (_FIRST_SERIAL + timedelta(days=int(serial[1]))).isoformat()
    return value
