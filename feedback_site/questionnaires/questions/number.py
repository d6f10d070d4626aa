"""A number."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

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
from feedback_site.questionnaires.questions.invalid import InvalidAnswer
from feedback_site.questionnaires.questions.settings import Setting, SettingKind
from feedback_site.questionnaires.questions.xlsform import XlsformRow

MOST_PLACES, MOST_DIGITS = 4, 15
LARGEST = 10**MOST_DIGITS
FEE = "amount"
# What stands after an amount, in the reader's language.
CURRENCY_SIGNS = {
    "CNY": pgettext_lazy("currency", "CNY"),
    "HKD": pgettext_lazy("currency", "HKD"),
    "MOP": pgettext_lazy("currency", "MOP"),
    "TWD": pgettext_lazy("currency", "TWD"),
    "USD": pgettext_lazy("currency", "USD"),
    "EUR": pgettext_lazy("currency", "EUR"),
    "GBP": pgettext_lazy("currency", "GBP"),
    "JPY": pgettext_lazy("currency", "JPY"),
    "SGD": pgettext_lazy("currency", "SGD"),
}
CURRENCIES = tuple(CURRENCY_SIGNS)


class NumberQuestion(OneValueQuestion):
    """A number between `least` and `most` with at most `places` decimals; stored as a number."""

    name = "number"
    label = gettext_lazy("Number")
    order = 90
    template = "questionnaires/questions/number.html"
    statistics = Statistics.NUMBER
    known_settings: ClassVar[Mapping[str, Schema]] = {
        "least": {"type": ["number", "null"], "minimum": -LARGEST, "maximum": LARGEST},
        "most": {"type": ["number", "null"], "minimum": -LARGEST, "maximum": LARGEST},
        "places": {"type": "integer", "minimum": 0, "maximum": 9},
        "fee": {"enum": ["", FEE]},
        "currency": {"enum": list(CURRENCIES)},
    }
    operators = ORDER
    answer_kind = AnswerKind.NUMBER
    xlsform = (
        XlsformRow(frozenset({"integer", "int", "q int", "add integer prompt", "range"})),
        XlsformRow(
            frozenset({"decimal", "q decimal", "add decimal prompt"}), settings={"places": MOST_PLACES}
        ),
    )
    seconds = 8
    settings_fields = (
        Setting("least", gettext_lazy("lowest number"), SettingKind.DECIMAL),
        Setting("most", gettext_lazy("highest number"), SettingKind.DECIMAL, not_below="least"),
        Setting("places", gettext_lazy("decimals"), default=0, lowest=0, highest=MOST_PLACES),
        Setting(
            "fee",
            gettext_lazy("compared with"),
            SettingKind.CHOICE,
            default="",
            choices=(("", gettext_lazy("nothing")), (FEE, gettext_lazy("the amount on the ticket"))),
            help_text=gettext_lazy(
                "What the customer paid: where the ticket says something else, the event is listed as "
                "disputed."
            ),
        ),
        Setting(
            "currency",
            gettext_lazy("currency"),
            SettingKind.CHOICE,
            default=CURRENCIES[0],
            choices=tuple((code, code) for code in CURRENCIES),
        ),
    )

    @classmethod
    def faults(cls, content: QuestionContent) -> Iterator[str]:
        """Limits in order, decimals that can be stored."""
        settings = content.settings
        least, most = settings.get("least"), settings.get("most")
        if least is not None and most is not None and least > most:
            yield _("the lowest number is above the highest.")
        if not 0 <= settings.get("places", 0) <= MOST_PLACES:
            yield _("a number has at most %(most)s decimals.") % {"most": MOST_PLACES}

    @property
    def is_fee(self) -> bool:
        """Whether it asks what the customer paid."""
        return self.settings.get("fee") == FEE

    @property
    def currency(self) -> str:
        """The currency of a fee."""
        return str(self.settings.get("currency", CURRENCIES[0]))

    def parse(self, raw: str) -> int | float:
        """Return the number, whole ones without a point."""
        number = self._decimal(plain_digits(raw).replace(" ", ""))
        least, most = self.settings.get("least"), self.settings.get("most")
        if (least is not None and number < Decimal(str(least))) or (
            most is not None and number > Decimal(str(most))
        ):
            raise InvalidAnswer(self._range(least, most))
        return int(number) if number == number.to_integral_value() else float(number)

    def examples(self, tests: Sequence[ConditionTest]) -> Iterator[Answer]:
        """Yield what the tests name, then one more."""
        named = named_in(tests)
        yield from named
        yield from (value + 1 for value in [*named, 0] if isinstance(value, int | float))

    def cells(self, answers: Mapping[str, Any], *, language: str) -> list[Answer | None]:
        """Return the number."""
        return [answers.get(self.key)]

    def context(self, *, language: str, values: Fields, error: str) -> dict[str, Any]:
        """Return the limits for browsers that check them, too."""
        shown = super().context(language=language, values=values, error=error)
        return {
            **shown,
            "is_whole": not self.settings.get("places", 0),
            "unit": str(CURRENCY_SIGNS[self.currency]) if self.is_fee else "",
        }

    def _decimal(self, text: str) -> Decimal:
        plain = text.lstrip("+-")
        if (
            plain.count(".") > 1
            or not plain.replace(".", "").isdecimal()
            or not plain.isascii()
            or len(plain) > MOST_DIGITS
        ):
            raise InvalidAnswer(_("Please type a number."))
        try:
            number = Decimal(text)
        except InvalidOperation as error:
            raise InvalidAnswer(_("Please type a number.")) from error
        places = self.settings.get("places", 0)
        if number != round(number, places):
            message = (
                _("Please type a number with at most %(places)s decimals.")
                if places
                else _("Please type a whole number.")
            )
            raise InvalidAnswer(message % {"places": places} if places else message)
        return number

    @staticmethod
    def _range(least: Any, most: Any) -> str:
        if most is None:
            return _("Please type a number of at least %(least)s.") % {"least": least}
        if least is None:
            return _("Please type a number of at most %(most)s.") % {"most": most}
        return _("Please type a number from %(least)s to %(most)s.") % {"least": least, "most": most}
