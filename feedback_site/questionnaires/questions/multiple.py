"""A multiple choice."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from feedback_site.questionnaires.document import ConditionTest, QuestionContent
from feedback_site.questionnaires.enums import ConditionOperator
from feedback_site.questionnaires.questions.base import EMPTINESS, Answer, AnswerKind, Fields, Schema
from feedback_site.questionnaires.questions.choice import ChoiceQuestion
from feedback_site.questionnaires.questions.invalid import InvalidAnswer
from feedback_site.questionnaires.questions.settings import Setting
from feedback_site.questionnaires.questions.xlsform import XlsformRow


class MultipleQuestion(ChoiceQuestion):
    """Several options, `least` to `most` of them; an exclusive one ("none of these") stands alone."""

    name = "multiple"
    label = gettext_lazy("Multiple choice")
    order = 70
    is_multiple = True
    answer_kind = AnswerKind.OPTIONS
    xlsform = (XlsformRow(frozenset({"select all that apply"})),)
    known_settings: ClassVar[Mapping[str, Schema]] = {
        "least": {"type": "integer"},
        "most": {"type": "integer"},
    }
    operators = (ConditionOperator.INCLUDES, ConditionOperator.EXCLUDES, *EMPTINESS)
    seconds = 8
    feedable = frozenset()
    settings_fields = (
        Setting(
            "least",
            gettext_lazy("at least"),
            default=0,
            lowest=0,
            highest=50,
            help_text=gettext_lazy("0: no limit."),
        ),
        Setting(
            "most",
            gettext_lazy("at most"),
            default=0,
            lowest=0,
            highest=50,
            help_text=gettext_lazy("0: no limit."),
            not_below="least",
        ),
    )

    @classmethod
    def faults(cls, content: QuestionContent) -> Iterator[str]:
        """As a choice, and limits that can be kept."""
        yield from super().faults(content)
        settings = content.settings
        least, most = settings.get("least", 0), settings.get("most", 0)
        if not all(isinstance(limit, int) and 0 <= limit <= len(content.options) for limit in (least, most)):
            yield _("the limits of a multiple choice are numbers of its options.")
        elif most and least > most:
            yield _("at least is more than at most.")

    def read(self, fields: Fields) -> dict[str, Answer]:
        """Read the chosen options in the order of the questionnaire."""
        given = {value for value in fields.get(self.key, ()) if value.strip()}
        if not given:
            if self.is_required:
                raise InvalidAnswer(_("Please answer this question."))
            return {}
        for raw in given:
            self._check(raw)
        if len(given) > 1 and given & self._alone:
            raise InvalidAnswer(
                _("“%(option)s” cannot be combined with other answers.") % {"option": self._named(given)}
            )
        if not given & self._alone:
            self._check_number(len(given))
        return {
            self.key: [option.key for option in self.options if option.key in given],
            **self._words(fields, given),
        }

    def examples(self, tests: Sequence[ConditionTest]) -> Iterator[Answer]:
        """Yield what has to be included, then each option alone."""
        included = [str(test.compared) for test in tests if test.operator == ConditionOperator.INCLUDES]
        yield from ([included] if included else [])
        yield from ([option.key] for option in self.options)

    def columns(self, *, language: str) -> list[tuple[str, str]]:
        """Return a column of all chosen options, then one of 0 and 1 for each."""
        heading = self.texts["text"].get(language, "")
        return [
            (self.key, heading),
            *((f"{self.key}.{option.key}", option.text.get(language, "")) for option in self.options),
        ]

    def cells(self, answers: Mapping[str, Any], *, language: str) -> list[Any]:
        """Return the options in words, then 0 or 1 for each, None when the question was not answered."""
        chosen = answers.get(self.key)
        flags = [None if chosen is None else int(option.key in chosen) for option in self.options]
        return [self.in_words(answers, language=language) or None, *flags]

    def _check_number(self, number: int) -> None:
        least, most = self.settings.get("least", 0), self.settings.get("most", 0)
        if number < least:
            raise InvalidAnswer(_("Please choose at least %(least)s.") % {"least": least})
        if most and number > most:
            raise InvalidAnswer(_("Please choose at most %(most)s.") % {"most": most})

    def _named(self, given: set[str]) -> str:
        return next(self.text_of(key, get_language() or "") for key in sorted(given & self._alone))
