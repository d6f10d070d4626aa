"""A trial: an author goes through the pages that customers get, to the end.

What was answered so far travels in the page; nothing is stored.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, Self

from django.utils import translation

from feedback_site.common.public_pages import Page, render
from feedback_site.questionnaires.document import ConditionTest, Document, Value
from feedback_site.questionnaires.pages.assets import form_policy
from feedback_site.questionnaires.pages.form_marks import BACK, screen_left
from feedback_site.questionnaires.pages.form_pages import Filled, Sheet, form_context
from feedback_site.questionnaires.questions import Fields
from feedback_site.questionnaires.selectors.condition_subjects import names_of_values
from feedback_site.questionnaires.services.kept_fields import pretend_files
from feedback_site.questionnaires.services.piping import Known, fill
from feedback_site.questionnaires.services.previewing.branches import (
    compile_draft_leniently,
    name_in_words,
    tests_of_facts,
    value_in_words,
)
from feedback_site.questionnaires.services.previewing.examples import SOMETHING_ELSE, example_facts
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire
from feedback_site.questionnaires.walk import Walk

# Names of fields that no question has: keys of questions have neither blank nor dot in front.
CARRIED, FACT = ".carried", ".fact "


@dataclass(frozen=True)
class Trial:
    """One step of a trial: the page with its policy, and whether it is the last."""

    page: Page
    is_over: bool = False


@dataclass(slots=True)
class _FactAsked:
    """One fact that the author says of the made-up event: words for the values that conditions name."""

    name: str
    label: str
    is_truth: bool = False
    words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Attempt:
    """How far an author has come.

    The walk by all that was answered so far, and the number of the screen that was left.
    """

    questionnaire: CompiledQuestionnaire
    walk: Walk
    number: int

    @classmethod
    def of(cls, document: Document, language: str, sent: Fields) -> Self:
        """Return the attempt with what one screen says instead of what it said before."""
        questionnaire, number = compile_draft_leniently(document), screen_left(sent)
        # A trial goes through the first of rotating sets.
        first_set = next(iter(questionnaire.sets), "")
        begun = Walk(questionnaire.steps, _unpack(_last(sent, CARRIED)), {}, first_set, language)
        said = begun.say(number, sent).fields
        chosen = {name: values for name, values in sent.items() if name.startswith(FACT)}
        with translation.override(language):
            fields = pretend_files(questions=questionnaire.questions, fields={**said, **chosen}, uploads={})
        return cls(questionnaire, replace(begun, fields=fields, facts=_facts_in(document, fields)), number)

    @property
    def language(self) -> str:
        """The language that the author reads."""
        return self.walk.language

    @cached_property
    def known(self) -> Known:
        """What the holes of texts are filled with."""
        return Known(
            self.language,
            example_facts(self.walk.facts, language=self.language),
            self.walk.read.answers,
            self.questionnaire.questions,
        )


def try_out(document: Document, *, language: str, sent: Fields | None, csrf_token: str) -> Trial:
    """Take the author through the questionnaire as the server takes customers.

    `sent` is None for the first page. Where conditions look at the event, the author first says what kind of
    event it is.
    """
    attempt = _Attempt.of(document, language, sent or {})
    with translation.override(language):
        if sent is None and any(tests_of_facts(document)):
            return Trial(_facts_page(attempt, csrf_token))
        if sent is None or CARRIED not in sent:
            return Trial(_form(attempt, 0, {}, csrf_token))
        following = attempt.walk.leave(attempt.number, is_back=BACK in sent)
        if following.place is None:
            return Trial(_end(attempt), is_over=True)
        errors = attempt.walk.errors_to_show(following.place) if following.is_again else {}
        return Trial(_form(attempt, following.place, errors, csrf_token))


def _form(attempt: _Attempt, place: int, errors: Mapping[str, str], csrf_token: str) -> Page:
    walk = attempt.walk
    sheet = Sheet(attempt.language, walk.screens[place], place + 1, len(walk.screens))
    pipe = partial(fill, known=attempt.known)
    context = form_context(attempt.questionnaire, sheet, Filled(walk.fields, errors), pipe=pipe)
    carried = json.dumps({name: list(values) for name, values in walk.fields.items()}, ensure_ascii=False)
    return _page(
        "questionnaires/trial.html",
        attempt,
        {**context, "csrf_token": csrf_token, "carried_name": CARRIED, "carried": carried},
    )


def _facts_page(attempt: _Attempt, csrf_token: str) -> Page:
    """Return the page that asks what event the trial is about.

    It has each fact that a condition looks at, with the values that the condition names.
    """
    tests = list(tests_of_facts(attempt.questionnaire.document))
    names = names_of_values(tests)
    facts: dict[str, _FactAsked] = {}
    for test in tests:
        fact = facts.setdefault(test.name, _FactAsked(f"{FACT}{test.name}", name_in_words(test)))
        fact.is_truth = isinstance(test.compared, bool)
        for value in _values_of(test):
            fact.words.setdefault(str(value), value_in_words(test, value, names))
    return _page(
        "questionnaires/trial_facts.html",
        attempt,
        {"facts": facts.values(), "other_value": SOMETHING_ELSE, "csrf_token": csrf_token},
    )


def _end(attempt: _Attempt) -> Page:
    language, answers = attempt.language, attempt.walk.read.answers
    questions, ends = attempt.questionnaire.questions, attempt.questionnaire.ends
    reached = attempt.walk.end_among(ends)
    text, redirect = attempt.questionnaire.document.thanks, ""
    if reached is not None:
        text, redirect = ends[reached].text, ends[reached].redirect
    answered = [
        {
            "text": fill(question.texts["text"].get(language, ""), attempt.known),
            "answer": question.in_words(answers, language=language),
        }
        for question in questions
        if question.in_words(answers, language=language)
    ]
    end = {"text": fill(text.get(language, ""), attempt.known), "redirect": redirect}
    return _page("questionnaires/trial_end.html", attempt, {"end": end, "answered": answered})


def _page(template: str, attempt: _Attempt, context: Mapping[str, Any]) -> Page:
    title = attempt.questionnaire.word("title", attempt.language)
    languages = attempt.questionnaire.languages
    page = render(
        template, language=attempt.language, languages=languages, context={"title": title, **context}
    )
    return Page(page.plain, policy=form_policy(has_drawing=attempt.questionnaire.has_drawing))


def _facts_in(document: Document, fields: Fields) -> dict[str, Value]:
    """Return the facts of the made-up event that were chosen."""
    tests = list(tests_of_facts(document))
    chosen = {test.name: _last(fields, f"{FACT}{test.name}") for test in tests}
    values = {(test.name, str(value)): value for test in tests for value in _values_of(test)}
    return {name: values.get((name, value), SOMETHING_ELSE) for name, value in chosen.items() if value}


def _values_of(test: ConditionTest) -> list[Value]:
    if test.compared is None:
        return []
    return [True, False] if isinstance(test.compared, bool) else [test.compared]


def _last(sent: Fields, name: str, default: str = "") -> str:
    return next(reversed(sent.get(name) or [default]))


def _unpack(text: str) -> dict[str, list[str]]:
    """Return the fields that travelled in a page; a customer who changed them loses them."""
    try:
        packed = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(packed, dict):
        return {}
    return {
        name: [str(value) for value in values] for name, values in packed.items() if isinstance(values, list)
    }
