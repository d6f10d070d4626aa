"""A single choice among options with stable keys; an option like "other" may take words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from feedback_site.common.listing import in_sequence, with_remark
from feedback_site.evaluations.enums import Unit
from feedback_site.questionnaires.document import ConditionTest, OptionContent, QuestionContent
from feedback_site.questionnaires.questions.base import (
    SAMENESS,
    Answer,
    AnswerKind,
    CompiledQuestion,
    Fields,
    Operators,
    Statistics,
    named_in,
    read_words,
)
from feedback_site.questionnaires.questions.cells import OTHER, Cells, FieldsOfCells, read_options
from feedback_site.questionnaires.questions.invalid import InvalidAnswer
from feedback_site.questionnaires.questions.xlsform import XlsformRow

LEAST_OPTIONS = 2
MOST_OTHER_CHARACTERS = 200


class ChoiceQuestion(CompiledQuestion):
    """One of several options."""

    name = "choice"
    label = gettext_lazy("Single choice")
    order = 60
    template = "questionnaires/questions/choice.html"
    statistics = Statistics.SHARES
    is_multiple = False
    operators: ClassVar[Operators] = SAMENESS
    answer_kind = AnswerKind.OPTION
    has_options = True
    xlsform: ClassVar[tuple[XlsformRow, ...]] = (XlsformRow(frozenset({"select one"})),)
    feedable: ClassVar[frozenset[str]] = frozenset({Unit.PERCENT.value})

    def __init__(self, content: QuestionContent) -> None:
        super().__init__(content)
        self.options: Sequence[OptionContent] = tuple(self.fixed_options or content.options)
        self.option_keys = frozenset(option.key for option in self.options)
        self._asking = frozenset(option.key for option in self.options if option.asks_text)
        self._fulfils = {option.key: option.fulfils for option in self.options}
        self._alone = frozenset(option.key for option in self.options if option.exclusive)

    @classmethod
    def faults(cls, content: QuestionContent) -> Iterator[str]:
        """At least two options, each with a key of its own and words in every language."""
        options = content.options
        if len(options) < LEAST_OPTIONS:
            yield _("a choice needs at least two options.")
        if not all(text for option in options for text in option.text.values()):
            yield _("write every option in each language.")
        if len({option.key for option in options}) < len(options):
            yield _("two options have the same ID.")

    def read(self, fields: Fields) -> dict[str, Answer]:
        """Read one option and the words beside it."""
        raw = self.one_value(fields)
        if raw is None:
            return {}
        self._check(raw)
        return {self.key: raw, **self._words(fields, {raw})}

    @property
    def word_names(self) -> tuple[str, ...]:
        """Return the name of the words beside "other"."""
        return (f"{self.key}.{OTHER}",) if self._asking else ()

    @classmethod
    def can_feed(cls, content: QuestionContent, unit: str) -> bool:
        """Feed a share where one option fulfils the indicator and one does not."""
        marks = {option.fulfils for option in cls.fixed_options or content.options}
        return super().can_feed(content, unit) and {True, False} <= marks

    def fed(self, answers: Mapping[str, Any]) -> int | None:
        """Return whether the chosen option fulfils the indicator.

        None for one that is left out of the share.
        """
        fulfils = self._fulfils.get(answers.get(self.key, ""))
        return None if fulfils is None else int(fulfils)

    def fields_of(self, answers: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return the chosen options and the words beside them."""
        if self.key not in answers:
            return {}
        chosen = answers[self.key]
        other = f"{self.key}.{OTHER}"
        words = {other: [answers[other]]} if other in answers else {}
        return {self.key: list(chosen) if isinstance(chosen, list) else [chosen], **words}

    @property
    def more_words(self) -> Mapping[str, str]:
        """Words that other forms write for an option, beside its key and its text."""
        return {}

    def fields_of_cells(self, cells: Cells) -> FieldsOfCells:
        """Read options by key or by label, and the words beside the one that asks for them."""
        return read_options(self, cells)

    def in_words(self, answers: Mapping[str, Any], *, language: str) -> str:
        """Return the texts of the chosen options, with the customer's own words in brackets."""
        chosen = self.fields_of(answers).get(self.key, [])
        texts = [self.text_of(key, language) for key in chosen]
        words = answers.get(f"{self.key}.{OTHER}")
        with override(language):
            return with_remark(in_sequence(texts), words) if words else in_sequence(texts)

    def examples(self, tests: Sequence[ConditionTest]) -> Iterator[Answer]:
        """Yield what the tests name, then each option."""
        yield from named_in(tests)
        yield from (option.key for option in self.options)

    def text_of(self, key: str, language: str) -> str:
        """Return an option's text, its key when the option is unknown."""
        return next((option.text.get(language, key) for option in self.options if option.key == key), key)

    def context(self, *, language: str, values: Fields, error: str) -> dict[str, Any]:
        """Return the options, which are chosen, and the words beside "other"."""
        chosen = set(values.get(self.key, ()))
        choices = [
            {
                "key": option.key,
                "text": option.text.get(language, ""),
                "is_chosen": option.key in chosen,
                "asks_text": option.asks_text,
                "is_alone": option.exclusive,
            }
            for option in self.options
        ]
        other = next(iter(values.get(f"{self.key}.{OTHER}", ())), "")
        return {
            **super().context(language=language, values=values, error=error),
            "choices": choices,
            "is_multiple": self.is_multiple,
            "other": other,
            "other_length": MOST_OTHER_CHARACTERS,
        }

    def _check(self, raw: str) -> None:
        if raw not in self.option_keys:
            raise InvalidAnswer(_("Please choose one of the options."))

    def _words(self, fields: Fields, chosen: set[str]) -> dict[str, Answer]:
        name = f"{self.key}.{OTHER}"
        if not chosen & self._asking:
            return {}
        words = self.one_value(fields, name)
        return {} if words is None else {name: read_words(words, most=MOST_OTHER_CHARACTERS)}
