"""When a question is asked, or an end page shown: conditions over earlier answers and facts of the event.

A condition is that of the published document, where each test says what it is `compared` with; None always
holds.
`feedback_site/templates/questionnaires/live.js` says the same in the customer's browser, as a convenience:
this module is the authority, and one list in tests/factories/questionnaires, `condition_vectors.json`, holds
both to one meaning.

An answer that was not given fits no test but `unanswered`. Numbers are compared with numbers, words with
words: `"5"` is not 5. Days are words whose order is that of time. What is not on the path counts as not
answered, also for later questions.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from feedback_site.questionnaires.document import ConditionContent, ConditionTest
from feedback_site.questionnaires.enums import ConditionOperator as Operator

Values = Mapping[str, Any]


class Asked(Protocol):
    """What is needed of a question to say whether it is on the path."""

    key: str
    condition: ConditionContent | None


def is_met(condition: ConditionContent | None, *, answers: Values, facts: Values) -> bool:
    """Say whether a condition holds.

    Answers are by question key, facts of the event by name.
    """
    if condition is None:
        return True
    return hold(condition.tests, join=condition.join, answers=answers, facts=facts)


def hold(tests: Iterable[ConditionTest], *, join: str, answers: Values, facts: Values) -> bool:
    """Say whether all of the tests hold, or any: of no tests all do, and none."""
    results = (_passes(test, (answers if test.of == "answer" else facts).get(test.name)) for test in tests)
    return any(results) if join == "any" else all(results)


def keys_on_path(questions: Iterable[Asked], *, answers: Values, facts: Values) -> list[str]:
    """Return the keys of the questions that are asked, in their order.

    Answers off the path count as not given.
    """
    kept: dict[str, object] = {}
    keys = []
    for question in questions:
        if is_met(question.condition, answers=kept, facts=facts):
            keys.append(question.key)
            if question.key in answers:
                kept[question.key] = answers[question.key]
    return keys


def _passes(test: ConditionTest, given: Any) -> bool:
    operator = test.operator
    if operator == Operator.UNANSWERED:
        return is_empty(given)
    if is_empty(given):
        return False
    return operator == Operator.ANSWERED or _compare(operator, given, test.compared)


def is_empty(given: Any) -> bool:
    """Say whether nothing was answered."""
    return given is None or (isinstance(given, str | list | dict) and not given)


def _compare(operator: str, given: Any, value: Any) -> bool:
    if operator in {Operator.INCLUDES, Operator.EXCLUDES}:
        return _holds(given, value) == (operator == Operator.INCLUDES)
    if operator in {Operator.EQUALS, Operator.DIFFERS}:
        return _is_same(given, value) == (operator == Operator.EQUALS)
    if not (_are_numbers(given, value) or _are_words(given, value)):
        return False
    return bool(given >= value if operator == Operator.AT_LEAST else given <= value)


def _holds(given: Any, value: Any) -> bool:
    return any(_is_same(part, value) for part in given) if isinstance(given, list) else _is_same(given, value)


def _is_same(given: Any, value: Any) -> bool:
    if isinstance(given, bool) or isinstance(value, bool):
        return given is value
    return (_are_numbers(given, value) or _are_words(given, value)) and bool(given == value)


def _are_numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _are_words(*values: Any) -> bool:
    return all(isinstance(value, str) for value in values)
