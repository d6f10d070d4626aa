"""The customer says that there was no such service, or that it was another person's: an answer of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy

from feedback_site.questionnaires.document import OptionContent, QuestionContent
from feedback_site.questionnaires.questions.base import Fields, Operators
from feedback_site.questionnaires.questions.choice import ChoiceQuestion

DID_NOT_HAPPEN, WRONG_PERSON = "did_not_happen", "wrong_person"
OPTIONS = (
    OptionContent(DID_NOT_HAPPEN, {"en": "This service did not take place", "zh-hans": "没有发生过这次服务"}),
    OptionContent(
        WRONG_PERSON, {"en": "I am not the person who was served", "zh-hans": "我不是接受服务的人"}
    ),
)


@dataclass(frozen=True, slots=True)
class NotMine:
    """Why the event is not the customer's."""

    reason: str


class NotMineQuestion(ChoiceQuestion):
    """Answered it ends the questionnaire: nothing else is asked, and the event is flagged."""

    name = "not_mine"
    label = gettext_lazy("Not my service")
    order = 160
    template = "questionnaires/questions/not_mine.html"
    ends_all = True
    operators: ClassVar[Operators] = ()
    has_options = False
    fixed_options = OPTIONS
    xlsform = ()
    seconds = 1

    def __init__(self, content: QuestionContent) -> None:
        super().__init__(replace(content, required=False))

    @classmethod
    def faults(cls, content: QuestionContent) -> Iterator[str]:
        """Nothing: its options are its own."""
        yield from ()

    def read_aside(self, fields: Fields) -> NotMine | None:
        """Return the flag."""
        flag = self.one_value(fields)
        return NotMine(flag) if flag else None

    def context(self, *, language: str, values: Fields, error: str) -> dict[str, Any]:
        """Return the options, and whether one is chosen."""
        shown = super().context(language=language, values=values, error=error)
        return {**shown, "is_chosen": any(choice["is_chosen"] for choice in shown["choices"])}
