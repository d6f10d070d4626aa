"""`relevant` as a condition of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, floor

from django.utils.translation import gettext as _

from feedback_site.questionnaires.document import ConditionContent, ConditionTest
from feedback_site.questionnaires.enums import ConditionOperator, ConditionSource
from feedback_site.questionnaires.questions import QUESTION_CLASSES, AnswerKind
from feedback_site.questionnaires.services.exchange.xlsform.expressions import (
    ORDERS,
    CannotSayError,
    Comparison,
    Constant,
    Joined,
    Negated,
    Tree,
    number_in,
    parse,
)

_STEP = Decimal("0.0001")  # the finest difference that a number here can have

_LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True)
class EarlierQuestion:
    """What conditions need to know of an earlier question.

    Its key and type, and the keys of its options by their names in the form.
    """

    key: str
    type: str
    is_certain: bool = False
    is_whole: bool = True
    is_never_asked: bool = False
    options: Mapping[str, str] = field(default_factory=dict)


# Of no tests all hold, and none does.
ALWAYS, NEVER = ConditionContent("all"), ConditionContent("any")


def condition_of(text: str, asked: Mapping[str, EarlierQuestion]) -> ConditionContent:
    """Return the condition that an expression states over earlier questions, by their names.

    Raises CannotSayError.
    """
    return _flat(parse(text), asked, positive=True)


def joined(join: str, parts: list[ConditionContent]) -> ConditionContent:
    """Return conditions joined to one. Raises CannotSayError where that takes both kinds of joining."""
    decides, idle = (NEVER, ALWAYS) if join == "all" else (ALWAYS, NEVER)
    if decides in parts:
        return decides
    used = [part for part in parts if part.tests]
    if len(used) <= 1:
        return used[0] if used else idle
    if any(len(part.tests) > 1 and part.join != join for part in used):
        raise CannotSayError(_("it mixes “and” with “or”, or an answer that may be missing with others"))
    return ConditionContent(join, tuple(test for part in used for test in part.tests))


def _flat(tree: Tree, asked: Mapping[str, EarlierQuestion], *, positive: bool) -> ConditionContent:
    if isinstance(tree, Constant):
        return ALWAYS if tree.holds == positive else NEVER
    if isinstance(tree, Negated):
        return _flat(tree.part, asked, positive=not positive)
    if isinstance(tree, Joined):
        join = tree.join if positive else {"all": "any", "any": "all"}[tree.join]
        return joined(join, [_flat(part, asked, positive=positive) for part in tree.parts])
    return _leaf(tree, asked, positive=positive)


def _leaf(
    comparison: Comparison, asked: Mapping[str, EarlierQuestion], *, positive: bool
) -> ConditionContent:
    subject = asked.get(comparison.subject)
    if subject is not None and not subject.key and not subject.is_never_asked:
        raise CannotSayError(_("several rows are called “%(name)s”") % {"name": comparison.subject})
    if subject is None:
        raise CannotSayError(
            _("“%(name)s” is no earlier question that was mapped") % {"name": comparison.subject}
        )
    if subject.is_never_asked:
        return ALWAYS if _holds_when_empty(comparison) == positive else NEVER
    if comparison.of_length or comparison.value == "":
        return _presence(comparison, subject, positive=positive)
    # In XPath an empty answer differs from everything, and fits no other comparison.
    holds_when_empty = (comparison.operator == "!=") == positive
    test = _test(comparison if positive else comparison.opposite(), subject)
    if not holds_when_empty or subject.is_certain:
        return ConditionContent("all", (test,))
    return ConditionContent("any", (test, _answer(subject, "unanswered")))


def _holds_when_empty(comparison: Comparison) -> bool:
    """Whether an answer that is never given fits.

    Its length is 0, and it differs from everything but nothing.
    """
    if comparison.of_length:
        number = number_in(comparison.value)
        return number is not None and ORDERS[comparison.operator](Decimal(0), number)
    is_nothing = comparison.value == ""
    return comparison.operator == ("=" if is_nothing else "!=")


def _presence(comparison: Comparison, subject: EarlierQuestion, *, positive: bool) -> ConditionContent:
    """Whether there is an answer: compared with nothing, or its length with 0."""
    said = (comparison.operator, comparison.value)
    is_given = said in {(">", "0"), (">=", "1"), ("!=", "0"), ("!=", "")}
    if not is_given and said not in {("=", "0"), ("<", "1"), ("<=", "0"), ("=", "")}:
        raise CannotSayError(_("lengths and counts cannot be compared here"))
    return ConditionContent("all", (_answer(subject, "answered" if is_given == positive else "unanswered"),))


def _test(comparison: Comparison, subject: EarlierQuestion) -> ConditionTest:
    by_kind = {
        AnswerKind.OPTION: _test_of_option,
        AnswerKind.OPTIONS: _test_of_option,
        AnswerKind.NUMBER: _test_of_number,
        AnswerKind.DAY: _test_of_day,
        AnswerKind.WORDS: _test_of_words,
    }
    return by_kind[QUESTION_CLASSES[subject.type].answer_kind](comparison, subject)


def _test_of_words(comparison: Comparison, subject: EarlierQuestion) -> ConditionTest:
    operators = QUESTION_CLASSES[subject.type].operators
    if ConditionOperator.EQUALS in operators and comparison.operator in {"=", "!="}:
        return _answer(subject, "equals" if comparison.operator == "=" else "differs", comparison.value)
    raise CannotSayError(_("an answer to “%(name)s” cannot be compared so") % {"name": comparison.subject})


def _test_of_option(comparison: Comparison, subject: EarlierQuestion) -> ConditionTest:
    operators = {"selected": "includes", "unselected": "excludes"}
    if QUESTION_CLASSES[subject.type].answer_kind is AnswerKind.OPTION:
        operators |= {"=": "equals", "!=": "differs"}
    option = subject.options.get(comparison.value)
    if option is None:
        words = {"name": comparison.subject, "value": comparison.value}
        raise CannotSayError(_("“%(value)s” is no option of “%(name)s”") % words)
    if comparison.operator not in operators:
        raise CannotSayError(
            _("an answer to “%(name)s” cannot be compared so") % {"name": comparison.subject}
        )
    return _answer(subject, operators[comparison.operator], option)


def _test_of_number(comparison: Comparison, subject: EarlierQuestion) -> ConditionTest:
    number = number_in(comparison.value)
    if number is None or comparison.operator not in {"=", "!=", "<", ">", "<=", ">="}:
        raise CannotSayError(_("“%(value)s” is no number") % {"value": comparison.value})
    if comparison.operator in {"=", "!="}:
        return _answer(subject, "equals" if comparison.operator == "=" else "differs", shown(number))
    return _answer(subject, *bound_of(comparison.operator, number, is_whole=subject.is_whole))


def bound_of(operator: str, number: Decimal, *, is_whole: bool) -> tuple[str, str]:
    """Return `at_least` or `at_most` with the number that says the same.

    Above 3 is at least 4 of whole numbers.
    """
    side = "at_least" if operator in {">", ">="} else "at_most"
    if is_whole:
        limits = {">": floor(number) + 1, "<=": floor(number), ">=": ceil(number), "<": ceil(number) - 1}
        return side, str(limits[operator])
    step = {">": _STEP, "<": -_STEP}.get(operator, Decimal(0))
    return side, shown(number + step)


def _test_of_day(comparison: Comparison, subject: EarlierQuestion) -> ConditionTest:
    try:
        day = date.fromisoformat(comparison.value)
        day += timedelta(days={">": 1, "<": -1}.get(comparison.operator, 0))
    except (ValueError, OverflowError):
        raise CannotSayError(_("“%(value)s” is no day") % {"value": comparison.value}) from None
    operators = {
        "=": "equals",
        "!=": "differs",
        ">": "at_least",
        ">=": "at_least",
        "<": "at_most",
        "<=": "at_most",
    }
    if comparison.operator not in operators:
        raise CannotSayError(
            _("an answer to “%(name)s” cannot be compared so") % {"name": comparison.subject}
        )
    return _answer(subject, operators[comparison.operator], day.isoformat())


def _answer(subject: EarlierQuestion, operator: str, value: str = "") -> ConditionTest:
    if len(value) > _LONGEST_VALUE:
        raise CannotSayError(_("a value is too long"))
    return ConditionTest(ConditionSource.ANSWER.value, subject.key, operator, value)


def shown(number: Decimal) -> str:
    """Return a number without an exponent or idle zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
