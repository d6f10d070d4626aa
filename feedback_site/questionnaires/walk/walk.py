"""One customer's walk through a questionnaire, as far as it can be told from what they sent so far.

`place` is the position of a screen among those that this customer gets, from 0; `number` is its position
among all that the questionnaire has, from 1, and never changes.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self, TypeVar

from django.utils import translation

from feedback_site.questionnaires.document import EndPageContent
from feedback_site.questionnaires.questions import CompiledQuestion, Fields, Statistics
from feedback_site.questionnaires.rules.conditions import Values, is_met, keys_on_path
from feedback_site.questionnaires.walk.reading import (
    ReadAnswers,
    ending_among,
    fields_of,
    is_of_set,
    key_of,
    read_answers,
)
from feedback_site.questionnaires.walk.screens import Screen, plan_screens

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Next:
    """What follows when a screen is left: the screen at a place, or None when it was the last.

    `is_again`: that screen was shown before, and is shown again with what is wrong.
    """

    place: int | None = None
    is_again: bool = False


@dataclass(frozen=True, eq=False)
class Walk:
    """The walk through the screens of a questionnaire (`steps`: their questions) by the fields sent so far.

    `facts` are those of the event that conditions look at, `question_set` is the rotating set that was drawn.
    Sentences are in `language`, or in the active one. `given` are answers that need no reading.
    """

    steps: Sequence[Sequence[CompiledQuestion]]
    fields: Fields = field(default_factory=dict)
    facts: Values = field(default_factory=dict)
    question_set: str = ""
    language: str = ""
    given: ReadAnswers | None = None

    @cached_property
    def questions(self) -> tuple[CompiledQuestion, ...]:
        """The questions that may be asked: those of other rotating sets are not."""
        return tuple(question for step in self._steps_of_set for question in step)

    @cached_property
    def read(self) -> ReadAnswers:
        """All answers so far, checked as a whole."""
        if self.given is not None:
            return self.given
        with translation.override(self.language) if self.language else nullcontext():
            return read_answers(self.questions, self.fields, facts=self.facts)

    @cached_property
    def screens(self) -> tuple[Screen, ...]:
        """The screens on the way, with these answers; one that is empty where there is nothing to ask."""
        planned = plan_screens(self._steps_of_set, answers=self.read.answers, facts=self.facts)
        return planned or (Screen(1, ()),)

    @cached_property
    def ending(self) -> CompiledQuestion | None:
        """The question whose answer ends all asking, once it is answered."""
        return ending_among(self.questions, self.read.answers)

    @cached_property
    def on_path(self) -> tuple[CompiledQuestion, ...]:
        """The questions that are asked, by their conditions."""
        keys = set(keys_on_path(self.questions, answers=self.read.answers, facts=self.facts))
        return tuple(question for question in self.questions if question.key in keys)

    @property
    def counting(self) -> tuple[CompiledQuestion, ...]:
        """The questions whose answers count: those on the path, or the one that ended all asking."""
        return self.on_path if self.ending is None else (self.ending,)

    @property
    def share_answered(self) -> float:
        """The share, 0-100, of the questions on the path that had to be answered; of all if none had to."""
        asked = [question for question in self.counting if question.statistics is not Statistics.NONE]
        due = [question for question in asked if question.is_required] or asked
        return 100 * sum(question.key in self.read.answers for question in due) / len(due) if due else 0.0

    @cached_property
    def first_wrong(self) -> int | None:
        """The position of the first screen with an answer missing or wrong."""
        return next((place for place in range(len(self.screens)) if self.errors_on(place)), None)

    @property
    def fields_as_understood(self) -> dict[str, Sequence[str]]:
        """What was sent, but for what could be read: that as it was understood."""
        return {**self.fields, **fields_of(self.questions, self.read.answers)}

    def errors_on(self, place: int) -> dict[str, str]:
        """Return the errors of one screen by question key."""
        return _of(self.read.errors, self.screens[place].keys)

    def errors_to_show(self, place: int) -> dict[str, str]:
        """Return the errors of one screen; where it has none, those of the whole."""
        return self.errors_on(place) or dict(self.read.errors)

    def fields_on(self, place: int) -> dict[str, Sequence[str]]:
        """Return what was sent for the questions of one screen."""
        return _of(self.fields, self.screens[place].keys)

    def step_of(self, number: int) -> Sequence[CompiledQuestion]:
        """Return the questions of the screen with a number; all of them where there is no such screen."""
        if 1 <= number <= len(self.steps):
            return self.steps[number - 1]
        return tuple(question for step in self.steps for question in step)

    def say(self, number: int, fields: Fields) -> Self:
        """Return the walk with what one screen says, instead of what it said before."""
        own = {question.key for question in self.step_of(number)}
        kept = {name: values for name, values in self.fields.items() if key_of(name) not in own}
        return replace(self, fields={**kept, **_of(fields, own)})

    def leave(self, number: int, *, is_back: bool) -> Next:
        """Return what follows when the screen with a number is left. "Back" leaves it whatever it says."""
        step = self.step_of(number)
        here = self._first_place_of(step)
        if is_back:
            return Next(max(0, here - 1))
        if self.errors_on(here):
            return Next(here, is_again=True)
        if self.ending is not None:
            return Next()
        is_whole = len(step) == sum(map(len, self.steps))
        if not is_whole and here + 1 < len(self.screens):
            return Next(here + 1)
        if self.read.errors:
            return Next(here if self.first_wrong is None else self.first_wrong, is_again=True)
        return Next()

    def place_to_show(self, number: int, *, reached: int, has_answers: bool) -> int:
        """Return the position of the screen with the number that is asked for, if all before it is in order.

        Else that of the first unfinished one: the screen `reached`
        before, or the next one on the way, unless one before it is wrong.
        """
        places = range(len(self.screens))
        wanted = next((place for place in places if self.screens[place].number == number), None)
        if wanted is None or (wanted > 0 and not has_answers):
            wanted = next((place for place in places if self.screens[place].number >= reached), places[-1])
        return wanted if self.first_wrong is None else min(wanted, self.first_wrong)

    def end_among(self, ends: Sequence[EndPageContent]) -> int | None:
        """Return which of the end pages is shown; None: the thanks."""
        return end_reached(ends, answers=self.read.answers, facts=self.facts)

    @cached_property
    def _steps_of_set(self) -> list[list[CompiledQuestion]]:
        return [
            [question for question in step if is_of_set(question, self.question_set)] for step in self.steps
        ]

    def _first_place_of(self, step: Sequence[CompiledQuestion]) -> int:
        own = {question.key for question in step}
        return next((place for place, screen in enumerate(self.screens) if own & set(screen.keys)), 0)


def end_reached(ends: Sequence[EndPageContent], *, answers: Values, facts: Values) -> int | None:
    """Return the position of the first end page whose condition holds; None: the thanks are shown."""
    return next(
        (
            position
            for position, end in enumerate(ends)
            if is_met(end.depends_on, answers=answers, facts=facts)
        ),
        None,
    )


def _of(named: Mapping[str, _Value], keys: Collection[str]) -> dict[str, _Value]:
    return {name: value for name, value in named.items() if key_of(name) in keys}
