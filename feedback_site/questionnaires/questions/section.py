"""A heading with text between questions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy

from feedback_site.questionnaires.document import QuestionContent
from feedback_site.questionnaires.questions.base import Answer, CompiledQuestion, Fields, Statistics
from feedback_site.questionnaires.questions.xlsform import XlsformRow


class SectionQuestion(CompiledQuestion):
    """A heading with text; it asks nothing."""

    name = "section"
    label = gettext_lazy("Section text")
    order = 190
    asks = False
    template = "questionnaires/questions/section.html"
    statistics = Statistics.NONE
    operators = ()
    seconds = 3
    xlsform = (XlsformRow(frozenset({"note", "q note", "add note prompt"})),)

    def __init__(self, content: QuestionContent) -> None:
        super().__init__(replace(content, required=False))

    def read(self, fields: Fields) -> dict[str, Answer]:
        """Read nothing."""
        return {}

    def columns(self, *, language: str) -> list[tuple[str, str]]:
        """Return no column."""
        return []

    def cells(self, answers: Mapping[str, Any], *, language: str) -> list[Any]:
        """Return no value."""
        return []
