"""Which screens of a questionnaire a customer gets.

And what each of them shows, as far as it can be told beforehand.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from feedback_site.questionnaires.document import ConditionContent, ConditionTest
from feedback_site.questionnaires.rules.conditions import Asked, Values, hold, is_met


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: its number among all of the questionnaire, from 1, and the questions that it may show.

    `left` names, by question key, what is still to be decided on the screen itself: the tests of a
    condition that look at its own questions. Hashable: one page is compiled for all who see the same.
    """

    number: int
    keys: tuple[str, ...]
    left: tuple[tuple[str, str, tuple[int, ...]], ...] = ()


def plan_screens(steps: Iterable[Sequence[Asked]], *, answers: Values, facts: Values) -> tuple[Screen, ...]:
    """Return the screens that have something to show, given all answers so far and the facts of the event."""
    kept: dict[str, object] = {}
    screens = []
    for number, asked in enumerate(steps, start=1):
        screen = _screen(number, asked, answers=kept, facts=facts)
        for question in asked:
            if question.key in answers and is_met(question.condition, answers=kept, facts=facts):
                kept[question.key] = answers[question.key]
        if screen.keys:
            screens.append(screen)
    return tuple(screens)


def _screen(number: int, asked: Sequence[Asked], *, answers: Values, facts: Values) -> Screen:
    keys: list[str] = []
    left = []
    for question in asked:
        places = _undecided(question.condition, on_screen=keys)
        outcome = _decided(question.condition, places, answers=answers, facts=facts)
        if outcome is False:
            continue
        keys.append(question.key)
        if outcome is None and question.condition:
            left.append((question.key, question.condition.join, tuple(places)))
    return Screen(number, tuple(keys), tuple(left))


def _undecided(condition: ConditionContent | None, *, on_screen: Collection[str]) -> list[int]:
    tests = condition.tests if condition else ()
    return [number for number, test in enumerate(tests) if _is_about(test, on_screen)]


def _is_about(test: ConditionTest, on_screen: Collection[str]) -> bool:
    return test.of == "answer" and test.name in on_screen


def _decided(
    condition: ConditionContent | None, undecided: Sequence[int], *, answers: Values, facts: Values
) -> bool | None:
    """Say whether the condition holds whatever is answered on the screen; None: that depends."""
    if condition is None:
        return True
    known = [test for place, test in enumerate(condition.tests) if place not in undecided]
    holds = hold(known, join=condition.join, answers=answers, facts=facts)
    if not undecided:
        return holds
    is_any = condition.join == "any"
    return holds if holds == is_any else None
