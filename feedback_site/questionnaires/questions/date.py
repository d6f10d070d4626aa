"""A day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback_site.questionnaires.document import ConditionTest, QuestionContent
from feedback_site.questionnaires.questions.base import (
    ORDER,
    Answer,
    AnswerKind,
    Fields,
    OneValueQuestion,
    Schema,
    Statistics,
    named_in,
    plain_digits,
)
from feedback_site.questionnaires.questions.cells import Cells, FieldsOfCells, day_of, refuse_parts
from feedback_site.questionnaires.questions.invalid import InvalidAnswer
from feedback_site.questionnaires.questions.settings import Setting, SettingKind
from feedback_site.questionnaires.questions.xlsform import XlsformRow

_ENDS = (("earliest", "1900-01-01"), ("latest", "2100-12-31"))
EXAMPLE_DAY = date(2026, 5, 3)


class DateQuestion(OneValueQuestion):
    """A day, stored as YYYY-MM-DD; `earliest` and `latest` are days in the same form."""

    name = "date"
    label = gettext_lazy("Date")
    order = 100
    template = "questionnaires/questions/date.html"
    statistics = Statistics.NUMBER
    known_settings: ClassVar[Mapping[str, Schema]] = {
        name: {"type": "string", "maxLength": 20} for name, _default in _ENDS
    }
    operators = ORDER
    answer_kind = AnswerKind.DAY
    xlsform = (XlsformRow(frozenset({"date", "q date", "add date prompt"})),)
    seconds = 8
    settings_fields = (
        Setting("earliest", gettext_lazy("earliest day"), SettingKind.DAY),
        Setting("latest", gettext_lazy("latest day"), SettingKind.DAY, not_below="earliest"),
    )

    @classmethod
    def faults(cls, content: QuestionContent) -> Iterator[str]:
        """Days that exist, in order."""
        settings = content.settings
        try:
            earliest, latest = (date.fromisoformat(settings.get(name) or default) for name, default in _ENDS)
        except ValueError:
            yield _("write days as YYYY-MM-DD.")
            return
        if earliest > latest:
            yield _("the earliest day is after the latest.")

    def parse(self, raw: str) -> str:
        """Return the day; slashes and dots are taken for dashes."""
        text = plain_digits(raw).replace("/", "-").replace(".", "-")
        try:
            day = (
                date(*(int(part) for part in text.split("-", 2)))
                if text.count("-") == 2  # noqa: PLR2004 - year, month, day
                else date.fromisoformat(text)
            )
        except (ValueError, TypeError, OverflowError) as error:
            raise InvalidAnswer(
                _("Please write the day as year-month-day, for example 2026-05-03.")
            ) from error
        earliest, latest = (date.fromisoformat(self.settings.get(name) or default) for name, default in _ENDS)
        if not earliest <= day <= latest:
            raise InvalidAnswer(
                _("Please choose a day from %(earliest)s to %(latest)s.")
                % {"earliest": earliest, "latest": latest}
            )
        return day.isoformat()

    def examples(self, tests: Sequence[ConditionTest]) -> Iterator[Answer]:
        """Yield what the tests name, then a day."""
        yield from named_in(tests)
        yield EXAMPLE_DAY.isoformat()

    def fields_of_cells(self, cells: Cells) -> FieldsOfCells:
        """Read days as spreadsheets write them."""
        refuse_parts(self.key, cells, known=())
        return {name: [day_of(value) for value in values] for name, values in cells.items()}

    def context(self, *, language: str, values: Fields, error: str) -> dict[str, Any]:
        """Return the ends for the browser's calendar."""
        ends = {name: self.settings.get(name, "") for name, _default in _ENDS}
        return {**super().context(language=language, values=values, error=error), **ends}
