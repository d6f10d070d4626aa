"""Limits of an answer: what `constraint` and the parameters of a range say."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from feedback_site.questionnaires.document import Settings
from feedback_site.questionnaires.questions import QUESTION_CLASSES, AnswerKind
from feedback_site.questionnaires.questions.number import LARGEST, MOST_PLACES
from feedback_site.questionnaires.services.exchange.xlsform.conditions import bound_of
from feedback_site.questionnaires.services.exchange.xlsform.expressions import (
    CannotSayError,
    Comparison,
    limits_in,
    number_in,
    parse,
)

_NAMES = {"at_least": "least", "at_most": "most"}


def limits_of(text: str, *, kind: str, takes_decimals: bool, options: int = 0) -> Settings:
    """Return the settings that say what a constraint says. Raises CannotSayError."""
    limits = limits_in(parse(text))
    answer_kind = QUESTION_CLASSES[kind].answer_kind
    counts = answer_kind is AnswerKind.OPTIONS and "string-length" not in text
    settings: dict[str, Any] = {}
    for limit in limits:
        name, value = (
            _number_of_options(limit, options)
            if counts
            else _limit(limit, kind, takes_decimals=takes_decimals)
        )
        settings[name] = _tighter(name, settings.get(name), value)
    return settings


def range_of(parameters: Mapping[str, str] | None) -> Settings:
    """Return the settings of a number between the ends of a range.

    Raises CannotSayError where it counts in other steps than 1 or 0.1.
    """
    if parameters is None:
        raise CannotSayError(_("the parameters cannot be read"))
    first, last, step = (
        number_in(str(parameters.get(name, default)))
        for name, default in (("start", 1), ("end", 10), ("step", 1))
    )
    if first is None or last is None or step is None or max(abs(first), abs(last)) > LARGEST:
        raise CannotSayError(_("the ends of the range are no numbers"))
    places = next(
        (places for places in range(MOST_PLACES + 1) if abs(step) == Decimal(1).scaleb(-places)), None
    )
    if places is None:
        raise CannotSayError(_("it counts in steps of %(step)s") % {"step": step})
    settings = {"least": _plain(min(first, last)), "most": _plain(max(first, last))}
    return settings | ({"places": places} if places else {})


def _limit(limit: Comparison, kind: str, *, takes_decimals: bool) -> tuple[str, Any]:
    asked = QUESTION_CLASSES[kind]
    if asked.answer_kind is AnswerKind.NUMBER and not limit.of_length:
        number = number_in(limit.value)
        if number is None or limit.operator not in {"<", ">", "<=", ">="} or abs(number) > LARGEST:
            raise CannotSayError(_("“%(value)s” is no limit") % {"value": limit.value})
        side, bound = bound_of(limit.operator, number, is_whole=not takes_decimals)
        return _NAMES[side], _plain(Decimal(bound))
    if asked.answer_kind is AnswerKind.DAY and not limit.of_length:
        return _day_limit(limit)
    longest = next((one.highest or 0 for one in asked.settings_fields if one.name == "length"), 0)
    number = number_in(limit.value)
    if limit.of_length and longest and number is not None and limit.operator in {"<", "<="}:
        length = int(number) - (limit.operator == "<" and number == int(number))
        if 1 <= length <= longest:
            return "length", length
    raise CannotSayError(_("answers of this type have no such limit"))


def _number_of_options(limit: Comparison, options: int) -> tuple[str, int]:
    """Return how many of `options` options may be chosen, as `count-selected(.)` says it."""
    number = number_in(limit.value)
    if limit.of_length and number is not None and limit.operator in {"<", ">", "<=", ">="}:
        side, bound = bound_of(limit.operator, number, is_whole=True)
        if 1 <= int(bound) <= options:
            return _NAMES[side], int(bound)
    raise CannotSayError(_("answers of this type have no such limit"))


def _day_limit(limit: Comparison) -> tuple[str, str]:
    try:
        day = date.fromisoformat(limit.value[:10]) + timedelta(days={">": 1, "<": -1}.get(limit.operator, 0))
    except (ValueError, OverflowError):
        raise CannotSayError(_("“%(value)s” is no day") % {"value": limit.value}) from None
    if limit.operator not in {"<", ">", "<=", ">="}:
        raise CannotSayError(_("“%(value)s” is no limit") % {"value": limit.value})
    return ("earliest" if limit.operator in {">", ">="} else "latest"), day.isoformat()


def _tighter(name: str, first: Any, second: Any) -> Any:
    if first is None:
        return second
    return max(first, second) if name in {"least", "earliest"} else min(first, second)


def _plain(number: Decimal) -> int | float:
    return int(number) if number == int(number) else float(number)
