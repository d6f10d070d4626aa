"""What every question type offers to reading, rendering, counting and exporting."""

import copy
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from feedback_site.questionnaires.document import (
    ConditionTest,
    OptionContent,
    QuestionContent,
    Settings,
    Texts,
)
from feedback_site.questionnaires.enums import ConditionOperator, Metric
from feedback_site.questionnaires.questions.cells import Cells, FieldsOfCells, refuse_parts, score_of
from feedback_site.questionnaires.questions.invalid import InvalidAnswer
from feedback_site.questionnaires.questions.settings import Setting
from feedback_site.questionnaires.questions.xlsform import XlsformRow

Answer = int | float | str | list[str] | dict[str, int | str]
# What a setting may be, as JSON Schema.
Schema = Mapping[str, object]
Fields = Mapping[str, Sequence[str]]

Operators = tuple[ConditionOperator, ...]
EMPTINESS: Operators = (ConditionOperator.ANSWERED, ConditionOperator.UNANSWERED)
SAMENESS: Operators = (ConditionOperator.EQUALS, ConditionOperator.DIFFERS, *EMPTINESS)
ORDER: Operators = (
    ConditionOperator.EQUALS,
    ConditionOperator.DIFFERS,
    ConditionOperator.AT_LEAST,
    ConditionOperator.AT_MOST,
    *EMPTINESS,
)
EXAMPLE_WORDS = "…"


class Statistics(StrEnum):
    """How the answers to a question are summed up."""

    SCALE = "scale"  # whole numbers: mean, distribution, share of the best
    SHARES = "shares"  # options: the share of each
    NUMBER = "number"  # quantities and days: mean or median, range
    WORDS = "words"  # read by people, sorted into themes
    NONE = "none"


class AnswerKind(StrEnum):
    """What conditions compare an answer with."""

    WORDS = "words"
    NUMBER = "number"
    DAY = "day"
    OPTION = "option"
    OPTIONS = "options"


class CompiledQuestion(ABC):
    """A published question, ready to read answers and to be rendered.

    `content` is its part of the published document.

    All that a type of question is, its class states here: forms, checks, conditions, previews,
    imports, exports and exchanges ask the class and list no types themselves.

    An answer is stored under the question's key; what belongs to it (the words beside "other")
    under the key with a dot and a name. Fields of a form are named the same way. `scores` are the
    whole numbers it accepts, `option_keys` its options; both are empty for types that have none.
    """

    # How the type is stored; a class without a name of its own is no type. Lists show types by `order`.
    name: ClassVar[str]
    label: ClassVar[Promise | str]
    order: ClassVar[int] = 1000
    template: ClassVar[str]
    statistics: ClassVar[Statistics]
    # Headings ask nothing.
    asks: ClassVar[bool] = True
    answer_kind: ClassVar[AnswerKind] = AnswerKind.WORDS
    # What `settings` may hold, as JSON Schema by name: definitions
    # with anything else are refused before they are read.
    known_settings: ClassVar[Mapping[str, Schema]] = {}
    # What authors are offered: settings, comparisons for conditions,
    # and whether there are options, rows or named ends.
    settings_fields: ClassVar[tuple[Setting, ...]] = ()
    operators: ClassVar[Operators] = EMPTINESS
    # What it may count as, the usual one first, and the metric for whose sake
    # authors choose the type: the form proposes that one at once.
    metrics: ClassVar[tuple[Metric, ...]] = ()
    made_for: ClassVar[Metric] = Metric.NONE
    has_options: ClassVar[bool] = False
    has_rows: ClassVar[bool] = False
    has_ends: ClassVar[bool] = False
    # Options that are the same in every question of the type.
    fixed_options: ClassVar[Sequence[OptionContent]] = ()
    # What it takes is not kept before the answers are sent, so it stands on the last screen.
    only_at_the_end: ClassVar[bool] = False
    # Staff read the answer as the customer's comment.
    is_comment: ClassVar[bool] = False
    # The rows of an XLSForm that become such a question.
    xlsform: ClassVar[tuple[XlsformRow, ...]] = ()
    # About how long a customer takes for an answer.
    seconds: ClassVar[int] = 5
    scores: range = range(0)
    option_keys: frozenset[str] = frozenset()
    # The units of indicators that its answers may feed, as `feedback_site.evaluations.enums.Unit` names them.
    feedable: ClassVar[frozenset[str]] = frozenset()
    # Answered, it is the only answer that counts.
    ends_all: ClassVar[bool] = False
    # What is answered is kept before the answers are sent (`feedback_site.questionnaires.questions.kept`);
    # its form has files; its form has a script of its own.
    is_kept: ClassVar[bool] = False
    takes_uploads: ClassVar[bool] = False
    needs_script: ClassVar[bool] = False

    def __init__(self, content: QuestionContent) -> None:
        self.key = content.key
        self.metric = content.metric
        # The indicator that it is about, and in which unit its answers feed it; empty when they feed none.
        self.indicator = content.indicator
        self.feeds = content.feeds
        self.is_required = content.required
        self.condition = content.depends_on
        self.page = content.page
        self.question_set = content.set
        self.texts: Mapping[str, Texts] = {
            "text": content.text,
            "help": content.help,
            "low_label": content.low_label,
            "high_label": content.high_label,
        }
        self.settings = content.settings

    @classmethod
    def faults(cls, content: QuestionContent) -> Iterator[str]:
        """Yield a sentence for everything that keeps `content` from being published as this type."""
        yield from ()

    @classmethod
    def can_feed(cls, content: QuestionContent, unit: str) -> bool:
        """Say whether answers to `content` can feed an indicator in `unit`."""
        return unit in cls.feedable

    @classmethod
    def may_count_as(cls, metric: str) -> bool:
        """Say whether answers may count as `metric`."""
        return metric == Metric.NONE or metric in cls.metrics

    @classmethod
    def usual_metric(cls, settings: Settings) -> Metric:
        """Return what a question with these settings counts as, unless its author says otherwise."""
        return next(iter(cls.metrics), Metric.NONE)

    @abstractmethod
    def read(self, fields: Fields) -> dict[str, Answer]:
        """Return what is stored of a form's fields, empty when nothing was answered. Raises InvalidAnswer."""

    def read_aside(self, fields: Fields) -> object:
        """Return what takes effect elsewhere and is no answer (a contact, a consent), None for most types.

        Raises InvalidAnswer.
        """
        return None

    @property
    def acts_elsewhere(self) -> bool:
        """Whether an answer takes effect elsewhere.

        That is for the customer who was invited: not where all who have a code may answer.
        """
        return type(self).read_aside is not CompiledQuestion.read_aside

    @property
    def word_names(self) -> tuple[str, ...]:
        """The names under which it stores what people write freely.

        Masked when stored, and searched for personal data.
        """
        return ()

    @property
    def megabytes_together(self) -> int:
        """The most that all files of one answer take."""
        return 0

    @property
    def is_fee(self) -> bool:
        """Whether it asks what the customer paid."""
        return False

    @property
    def currency(self) -> str:
        """The currency of a fee."""
        return ""

    def examples(self, tests: Sequence[ConditionTest]) -> Iterator[Answer]:
        """Yield answers for a preview that may fit the tests of a condition.

        First what these name, then what the question offers.
        """
        yield from named_in(tests)
        yield from reversed(self.scores)
        yield from sorted(self.option_keys)
        yield from () if self.scores else (EXAMPLE_WORDS,)

    def fed(self, answers: Mapping[str, Any]) -> int | None:
        """Return what the stored answers give to the indicator that the question feeds.

        1-5 where it is rated, 1 or 0 where it is a share, None where they say nothing about it.
        """
        return None

    def fields_of(self, answers: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return the fields that show stored answers again: the inverse of `read`."""
        return {self.key: [str(answers[self.key])]} if self.key in answers else {}

    def fields_of_cells(self, cells: Cells) -> FieldsOfCells:
        """Return the fields that say what its cells in another form say (by name: its key, or key.part).

        Raises InvalidAnswer.
        """
        refuse_parts(self.key, cells, known=())
        return {
            name: [score_of(value) if self.scores else value for value in values]
            for name, values in cells.items()
        }

    def in_words(self, answers: Mapping[str, Any], *, language: str) -> str:
        """Return the stored answer as people say it, empty when there is none."""
        return str(answers.get(self.key, ""))

    def columns(self, *, language: str) -> list[tuple[str, str]]:
        """Return the columns of an export as (name, heading in `language`).

        The first is named as the question.
        """
        return [(self.key, self.texts["text"].get(language, ""))]

    def cells(self, answers: Mapping[str, Any], *, language: str) -> list[Any]:
        """Return the values for `columns`; None where nothing was answered."""
        return [self.in_words(answers, language=language) or None]

    def context(self, *, language: str, values: Fields, error: str) -> dict[str, Any]:
        """Return what the question's template shows in `language`, with the fields given so far."""
        words = {name: texts.get(language, "") for name, texts in self.texts.items()}
        described_by = [
            f"q-{self.key}-{part}" for part, shown in (("error", error), ("help", words["help"])) if shown
        ]
        return {
            "key": self.key,
            "template": self.template,
            "is_required": self.is_required,
            "value": next(iter(values.get(self.key, ())), ""),
            "error": error,
            "described_by": " ".join(described_by),
            **words,
        }

    def renamed(self, key: str) -> Self:
        """Return the same question under another key, for forms that have names of their own."""
        other = copy.copy(self)
        other.key = key
        return other

    def one_value(self, fields: Fields, name: str = "") -> str | None:
        """Return the value of a field that holds one, None when it was left empty and need not be filled.

        A field sent twice with the same value counts once; with different
        values is not known which was meant. Raises InvalidAnswer.
        """
        given = {value for value in fields.get(name or self.key, ()) if value.strip()}
        if len(given) > 1:
            raise InvalidAnswer(_("Please give one answer only."))
        if given:
            return given.pop()
        if self.is_required and not name:
            raise InvalidAnswer(_("Please answer this question."))
        return None


class OneValueQuestion(CompiledQuestion):
    """A question of one field and one stored value."""

    def read(self, fields: Fields) -> dict[str, Answer]:
        """Read the one field."""
        raw = self.one_value(fields)
        return {} if raw is None else {self.key: self.parse(raw)}

    @abstractmethod
    def parse(self, raw: str) -> Answer:
        """Return the answer that was typed. Raises InvalidAnswer."""


def named_in(tests: Sequence[ConditionTest]) -> list[Any]:
    """Return the values that the tests of a condition name."""
    return [test.compared for test in tests if test.compared is not None]


def plain_digits(raw: str) -> str:
    """Return what was typed without blanks around it; full-width letters and digits are plain ones."""
    return unicodedata.normalize("NFKC", raw).strip()


def read_score(raw: str, scores: range) -> int:
    """Return the whole number in `raw`; full-width digits are digits. Raises InvalidAnswer."""
    digits = plain_digits(raw)
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(scores[-1]))
    if not is_number or int(digits) not in scores:
        message = _("Please choose a number from %(lowest)s to %(highest)s.")
        raise InvalidAnswer(message % {"lowest": scores[0], "highest": scores[-1]})
    return int(digits)


def read_words(raw: str, *, most: int) -> str:
    """Return free text of at most `most` characters. Raises InvalidAnswer."""
    # Browsers send line ends as CRLF but count one character each.
    written = raw.replace("\r\n", "\n")
    if "\x00" in written:
        raise InvalidAnswer(_("This text contains characters that cannot be stored. Please remove them."))
    if len(written) > most:
        message = _("Please shorten this text to %(most)s characters; it has %(length)s.")
        raise InvalidAnswer(message % {"most": most, "length": len(written)})
    return written
