"""Text of one line."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback_site.questionnaires.questions.invalid import InvalidAnswer
from feedback_site.questionnaires.questions.settings import Setting
from feedback_site.questionnaires.questions.text import TextQuestion
from feedback_site.questionnaires.questions.xlsform import XLSFORM_WORDS, XlsformRow

MOST_CHARACTERS = 200


class ShortTextQuestion(TextQuestion):
    """Text of one line."""

    name = "short_text"
    label = gettext_lazy("Short text")
    order = 110
    template = "questionnaires/questions/short_text.html"
    most = MOST_CHARACTERS
    seconds = 10
    is_comment = False
    xlsform = (XlsformRow(XLSFORM_WORDS),)
    settings_fields = (
        Setting(
            "length",
            gettext_lazy("most characters"),
            default=MOST_CHARACTERS,
            lowest=1,
            highest=MOST_CHARACTERS,
        ),
    )

    def parse(self, raw: str) -> str:
        """Return the text; it has no line ends."""
        written = super().parse(raw)
        if "\n" in written or "\r" in written:
            raise InvalidAnswer(_("Please write one line."))
        return written
