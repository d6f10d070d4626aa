"""Free text of several lines."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback_site.questionnaires.document import QuestionContent
from feedback_site.questionnaires.questions.base import (
    SAMENESS,
    Fields,
    OneValueQuestion,
    Schema,
    Statistics,
    read_words,
)
from feedback_site.questionnaires.questions.settings import Setting
from feedback_site.questionnaires.questions.xlsform import XLSFORM_WORDS, XlsformRow

MOST_CHARACTERS = 2000


class TextQuestion(OneValueQuestion):
    """Free text of several lines, stored as it was written."""

    name = "text"
    label = gettext_lazy("Long text")
    order = 120
    template = "questionnaires/questions/text.html"
    statistics = Statistics.WORDS
    most: ClassVar[int] = MOST_CHARACTERS
    known_settings: ClassVar[Mapping[str, Schema]] = {"length": {"type": "integer"}}
    operators = SAMENESS
    seconds = 20
    is_comment = True
    xlsform = (XlsformRow(XLSFORM_WORDS, appearance="multiline"),)
    settings_fields = (
        Setting(
            "length",
            gettext_lazy("most characters"),
            default=MOST_CHARACTERS,
            lowest=1,
            highest=MOST_CHARACTERS,
        ),
    )

    @classmethod
    def faults(cls, content: QuestionContent) -> Iterator[str]:
        """A length that can be stored."""
        length = content.settings.get("length", cls.most)
        if not isinstance(length, int) or not 1 <= length <= cls.most:
            yield _("a text has at most %(most)s characters.") % {"most": cls.most}

    def parse(self, raw: str) -> str:
        """Return the text."""
        return read_words(raw, most=self.length)

    @property
    def word_names(self) -> tuple[str, ...]:
        """Return its key."""
        return (self.key,)

    @property
    def length(self) -> int:
        """The most characters it takes."""
        return int(self.settings.get("length", self.most))

    def context(self, *, language: str, values: Fields, error: str) -> dict[str, Any]:
        """Return how much may be written."""
        return {**super().context(language=language, values=values, error=error), "max_length": self.length}
