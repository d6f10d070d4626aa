"""What every question type offers to reading and rendering."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _

Answer = int | str


class InvalidAnswer(ValueError):  # noqa: N818 - an answer is invalid, the program has no error
    """An answer that cannot be accepted; `str()` is a sentence for the customer in the active language."""


class Reader(Protocol):
    """Turns what was typed into what is stored."""

    def __call__(self, raw: str) -> Answer:
        """Return the answer. Raises InvalidAnswer."""


@dataclass(frozen=True)
class CompiledQuestion:
    """A published question, ready to read answers and to be rendered.

    `scores` are the whole numbers it accepts (empty for other types), `choices` its options as (key, texts).
    """

    key: str
    metric: str
    is_required: bool
    texts: Mapping[str, Mapping[str, str]]
    template: str
    reader: Reader
    scores: range = range(0)
    choices: Sequence[tuple[str, Mapping[str, str]]] = ()
    max_length: int = 0

    def read(self, values: Sequence[str]) -> Answer | None:
        """Return the stored form of one field's values, None when it was left empty.

        A field sent twice with the same value counts once; with different values nobody knows which was meant. Raises InvalidAnswer.
        """
        given = {value for value in values if value.strip()}
        if len(given) > 1:
            raise InvalidAnswer(_("Please give one answer only."))
        if given:
            return self.reader(given.pop())
        if self.is_required:
            raise InvalidAnswer(_("Please answer this question."))
        return None

    def context(self, *, language: str, value: str, error: str) -> dict[str, Any]:
        """Return what the question's template shows in `language`, with the answer given so far."""
        words = {name: texts.get(language, "") for name, texts in self.texts.items()}
        described_by = [f"q-{self.key}-{part}" for part, shown in (("error", error), ("help", words["help"])) if shown]
        return {
            "key": self.key,
            "template": self.template,
            "is_required": self.is_required,
            "scores": [str(score) for score in self.scores],
            "choices": [{"key": key, "text": texts[language]} for key, texts in self.choices],
            "max_length": self.max_length,
            "value": value,
            "error": error,
            "described_by": " ".join(described_by),
            **words,
        }


def texts_of(content: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """Return the words of a question, each in every language."""
    return {name: content.get(name) or {} for name in ("text", "help", "low_label", "high_label")}


def read_score(raw: str, scores: range) -> int:
    """Return the whole number in `raw`; full-width digits are digits. Raises InvalidAnswer."""
    digits = unicodedata.normalize("NFKC", raw).strip()
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(scores[-1]))
    if not is_number or int(digits) not in scores:
        message = _("Please choose a number from %(lowest)s to %(highest)s.")
        raise InvalidAnswer(message % {"lowest": scores[0], "highest": scores[-1]})
    return int(digits)
