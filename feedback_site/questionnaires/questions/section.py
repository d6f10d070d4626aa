"""A heading with text between questions."""

from collections.abc import Mapping
from typing import Any

from feedback_site.questionnaires.questions.base import Answer, CompiledQuestion, Content, Fields, Statistics


class SectionQuestion(CompiledQuestion):
    """A heading with text; it asks nothing."""

    template = "questionnaires/questions/section.html"
    statistics = Statistics.NONE
    operators = ()
    seconds = 3

    def __init__(self, content: Content) -> None:
        super().__init__({**content, "required": False})

    def read(self, fields: Fields) -> dict[str, Answer]:
        """Read nothing."""
        return {}

    def columns(self, *, language: str) -> list[tuple[str, str]]:
        """Return no column."""
        return []

    def cells(self, answers: Mapping[str, Any], *, language: str) -> list[Any]:
        """Return no value."""
        return []
