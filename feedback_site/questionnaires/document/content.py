"""What a questionnaire says: all that staff wrote, and what publishing adds to it.

The fields are named as the keys of docs/questionnaire_format.md. Those marked as resolved are no part of that
format: publishing works them out, and a version keeps them as they were then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from feedback_site.common.languages import Language

Texts = Mapping[str, str]
# What only one type of question has: its class says which there are, and reads them.
Settings = Mapping[str, Any]
# What answers and facts are compared with.
Value = bool | int | float | str | None

# A file may leave open what a question counts as.
UNSTATED = ""
# JSON leaves these fields out while they have their default: not resolved by publishing, or not stated.
RESOLVED, OPEN = {"resolved": True}, {"resolved": False}


def _no_texts() -> Texts:
    return {Language.ENGLISH.value: "", Language.CHINESE.value: ""}


@dataclass(frozen=True, slots=True)
class ConditionTest:
    """One comparison of an answer, or of a fact of the event (`of`), with what the author wrote: `value`.

    `compared` is the value as what it is compared with is stored.
    """

    of: str
    name: str
    operator: str
    value: str = ""
    compared: Value = field(default=None, metadata=RESOLVED)


@dataclass(frozen=True, slots=True)
class ConditionContent:
    """When a question is asked or an end page shown: all of the tests hold, or any. Without tests: always."""

    join: str = "all"
    tests: tuple[ConditionTest, ...] = ()


@dataclass(frozen=True, slots=True)
class OptionContent:
    """An option of a choice, or a row of a matrix."""

    key: str
    text: Texts
    exclusive: bool = False
    asks_text: bool = False
    fulfils: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionContent:
    """One question. `feeds` is the unit in which its answers feed its indicator, empty where they do not."""

    key: str
    type: str
    metric: str = field(default=UNSTATED, metadata=OPEN)
    indicator: str = ""
    required: bool = False
    page: int = 1
    set: str = ""
    settings: Settings = field(default_factory=dict)
    text: Texts = field(default_factory=_no_texts)
    help: Texts = field(default_factory=_no_texts)
    low_label: Texts = field(default_factory=_no_texts)
    high_label: Texts = field(default_factory=_no_texts)
    options: tuple[OptionContent, ...] = ()
    rows: tuple[OptionContent, ...] = ()
    condition: ConditionContent = field(default_factory=ConditionContent)
    feeds: str = field(default="", metadata=RESOLVED)

    @property
    def depends_on(self) -> ConditionContent | None:
        """The condition, None where the question is always asked."""
        return self.condition if self.condition.tests else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPageContent:
    """What a customer reads at the end in the place of the thanks."""

    key: str
    text: Texts
    redirect: str = ""
    condition: ConditionContent = field(default_factory=ConditionContent)

    @property
    def depends_on(self) -> ConditionContent | None:
        """The condition, None where the end page is always shown."""
        return self.condition if self.condition.tests else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole questionnaire.

    `number` is that of the published version, 0 before, `languages` are those that customers are offered.
    """

    slug: str
    name: Texts
    title: Texts
    intro: Texts = field(default_factory=_no_texts)
    thanks: Texts
    privacy: Texts = field(default_factory=_no_texts)
    hotline: str = ""
    layout: str = "pages"
    default_language: str = Language.CHINESE.value
    questions: tuple[QuestionContent, ...] = ()
    end_pages: tuple[EndPageContent, ...] = ()
    languages: tuple[str, ...] = field(default=(), metadata=RESOLVED)
    number: int = field(default=0, metadata=RESOLVED)
