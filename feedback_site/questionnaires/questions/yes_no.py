"""Yes or no."""

from collections.abc import Iterator

from feedback_site.questionnaires.questions.base import Content
from feedback_site.questionnaires.questions.choice import ChoiceQuestion

OPTIONS = [
    {"key": "yes", "text": {"en": "Yes", "zh-hans": "是"}, "fulfils": True},
    {"key": "no", "text": {"en": "No", "zh-hans": "否"}, "fulfils": False},
]


class YesNoQuestion(ChoiceQuestion):
    """A choice of two options that are always the same."""

    has_options = False
    seconds = 4

    def __init__(self, content: Content) -> None:
        super().__init__({**content, "options": OPTIONS})

    @classmethod
    def can_feed(cls, content: Content, unit: str) -> bool:
        """Feed a share: that of yes."""
        return super().can_feed({**content, "options": OPTIONS}, unit)

    @classmethod
    def faults(cls, content: Content) -> Iterator[str]:
        """Nothing: its options are its own."""
        yield from ()
