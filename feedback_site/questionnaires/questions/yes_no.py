"""Yes or no."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy

from feedback_site.questionnaires.document import OptionContent, QuestionContent
from feedback_site.questionnaires.questions.cells import NO, YES
from feedback_site.questionnaires.questions.choice import ChoiceQuestion

OPTIONS = (
    OptionContent("yes", {"en": "Yes", "zh-hans": "是"}, fulfils=True),
    OptionContent("no", {"en": "No", "zh-hans": "否"}, fulfils=False),
)


class YesNoQuestion(ChoiceQuestion):
    """A choice of two options that are always the same."""

    name = "yes_no"
    label = gettext_lazy("Yes/no question")
    order = 50
    has_options = False
    fixed_options = OPTIONS
    xlsform = ()
    seconds = 4

    @classmethod
    def faults(cls, content: QuestionContent) -> Iterator[str]:
        """Nothing: its options are its own."""
        yield from ()

    @property
    def more_words(self) -> Mapping[str, str]:
        """Return what people write for yes and no."""
        return dict.fromkeys(YES, "yes") | dict.fromkeys(NO, "no")
