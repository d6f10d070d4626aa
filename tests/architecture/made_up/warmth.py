"""A type of question that the product does not have: how warm the room was."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from feedback_site.questionnaires.document import ConditionTest, QuestionContent
from feedback_site.questionnaires.questions import (
    Answer,
    AnswerKind,
    Fields,
    InvalidAnswer,
    Setting,
    Statistics,
)
from feedback_site.questionnaires.questions.base import ORDER, OneValueQuestion, Schema
from feedback_site.questionnaires.questions.xlsform import XlsformRow

FEELS_HOT, TOO_HOT = 30, "That is too hot."


class WarmthQuestion(OneValueQuestion):
    """Degrees from zero to `highest`."""

    name = "warmth"
    label = "How warm"
    order = 500
    template = "made_up/warmth.html"
    statistics = Statistics.NUMBER
    answer_kind = AnswerKind.NUMBER
    operators = ORDER
    known_settings: ClassVar[Mapping[str, Schema]] = {"highest": {"type": "integer"}}
    settings_fields = (Setting("highest", "highest degree", default=40, lowest=1, highest=60),)
    xlsform = (XlsformRow(frozenset({"thermometer"})),)

    @classmethod
    def faults(cls, content: QuestionContent) -> Iterator[str]:
        if content.settings.get("highest", 40) < FEELS_HOT:
            yield "no one could say that it was hot."

    def examples(self, tests: Sequence[ConditionTest]) -> Iterator[Answer]:
        yield from (21, FEELS_HOT, self.settings.get("highest", 40))

    def parse(self, raw: str) -> int:
        if not raw.isdecimal() or int(raw) > self.settings.get("highest", 40):
            raise InvalidAnswer(TOO_HOT)
        return int(raw)

    def in_words(self, answers: Mapping[str, Any], *, language: str) -> str:
        return f"{answers[self.key]} °C" if self.key in answers else ""

    def columns(self, *, language: str) -> list[tuple[str, str]]:
        return [*super().columns(language=language), (f"{self.key}.hot", "hot")]

    def cells(self, answers: Mapping[str, Any], *, language: str) -> list[Any]:
        degrees = answers.get(self.key)
        return [degrees, None if degrees is None else int(degrees >= FEELS_HOT)]

    def fields_of_cells(self, cells: Fields) -> dict[str, list[str]]:
        return {self.key: [value.removesuffix("°C").strip() for value in cells.get(self.key, ())]}

    def context(self, *, language: str, values: Fields, error: str) -> dict[str, Any]:
        shown = super().context(language=language, values=values, error=error)
        return {**shown, "highest": self.settings.get("highest", 40)}
