"""Made-up answers and facts: those that lead to a branch, and those that texts repeat."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils import translation
from django.utils.translation import pgettext

from feedback_site.common.languages import Language
from feedback_site.questionnaires.document import ConditionContent, ConditionTest
from feedback_site.questionnaires.enums import ConditionJoin, ConditionSource
from feedback_site.questionnaires.questions import CompiledQuestion
from feedback_site.questionnaires.questions.base import named_in
from feedback_site.questionnaires.questions.date import EXAMPLE_DAY
from feedback_site.questionnaires.rules.conditions import Values, hold
from feedback_site.questionnaires.selectors.event_facts import EventFacts

SOMETHING_ELSE = "…"


def example_facts(tested: Mapping[str, Any], *, language: str) -> EventFacts:
    """Return an event whose texts can be repeated, with the facts that conditions look at."""
    with translation.override(language):
        agent, product = pgettext("example", "Mr Wang"), pgettext("example", "washing machine")
    return EventFacts(
        tested=tested,
        agent=agent,
        product=product,
        completed_on=EXAMPLE_DAY,
        kind={code: _kind(code) for code in Language.values},
    )


def example_answers(questions: Sequence[CompiledQuestion]) -> Values:
    """Return an answer to every question that has one, for texts that repeat it."""
    return {question.key: next(_answers_to(question, []), None) for question in questions}


def lead_to(
    conditions: Sequence[ConditionContent], questions: Sequence[CompiledQuestion]
) -> tuple[Values, Values]:
    """Return answers and facts with which the conditions hold, as far as there are any.

    Of alternatives the first counts.
    """
    tests = [
        test for one in conditions for test in (one.tests if one.join == ConditionJoin.ALL else one.tests[:1])
    ]
    by_key = {question.key: question for question in questions}
    given: dict[str, dict[str, object]] = {ConditionSource.ANSWER: {}, ConditionSource.EVENT: {}}
    for (source, name), group in groupby(sorted(tests, key=_subject_of), key=_subject_of):
        own = list(group)
        values = named_in(own)
        is_fact = source == ConditionSource.EVENT
        candidates = (
            [*values, True, False, SOMETHING_ELSE] if is_fact else [*_answers_to(by_key.get(name), own)]
        )
        fits = [
            one
            for one in candidates
            if hold(own, join=ConditionJoin.ALL, answers={name: one}, facts={name: one})
        ]
        if fits:
            given[source][name] = fits[0]
    return given[ConditionSource.ANSWER], given[ConditionSource.EVENT]


def _subject_of(test: ConditionTest) -> tuple[str, str]:
    return test.of, test.name


def _answers_to(question: CompiledQuestion | None, tests: Sequence[ConditionTest]) -> Iterator[Any]:
    """Yield answers that may fit the tests; to a question that is not there, only what these name."""
    return iter(named_in(tests)) if question is None else question.examples(tests)


def _kind(language: str) -> str:
    with translation.override(language):
        return pgettext("example", "repair")
