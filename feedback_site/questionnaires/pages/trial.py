"""A trial: the pages that customers get, to the end. What
was answered so far travels in the page; nothing is stored.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Self

from django.utils import translation

from feedback_site.common.public_pages import Page, render
from feedback_site.questionnaires.pages.assets import form_policy
from feedback_site.questionnaires.pages.form_pages import Filled, Sheet, form_context
from feedback_site.questionnaires.questions import Fields
from feedback_site.questionnaires.rules.conditions import is_met
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
from feedback_site.questionnaires.walk.reading import ReadAnswers, read_answers
from feedback_site.questionnaires.walk.screens import Screen, plan_screens

Document = Mapping[str, Any]
# Names of fields that no question has: keys of questions have neither blank nor dot in front.
CARRIED, PAGE, BACK, FACT = ".carried", ".page", ".back", ".fact "


@dataclass(frozen=True)
class Trial:
    """One step of a trial: the page with its policy, and whether it is the last."""

    page: Page
    is_over: bool = False


@dataclass(frozen=True, eq=False)
class _Attempt:
    """How far an author has come: all that was answered so far, in fields, and which screen was left."""

    questionnaire: CompiledQuestionnaire
    language: str
    fields: Fields
    number: int = 0

    @classmethod
    def of(cls, document: Document, language: str, sent: Fields) -> Self:
        """Return the attempt with what one screen says in place of what it said before."""
        questionnaire = compile_draft_leniently(document)
        number = int(raw) if (raw := _last(sent, PAGE, "1")).isdecimal() and len(raw) <= 3 else 1  # noqa: PLR2004 - no form has more digits
        left = questionnaire.steps[number - 1] if 1 <= number <= len(questionnaire.steps) else ()
        own = {question.key for question in left}
        carried = {
            name: values
            for name, values in _unpack(_last(sent, CARRIED)).items()
            if name.partition(".")[0] not in own
        }
        said = {
            name: values
            for name, values in sent.items()
            if name.startswith(FACT) or name.partition(".")[0] in own
        }
        with translation.override(language):
            fields = pretend_files(questions=questionnaire.questions, fields={**carried, **said}, uploads={})
        return cls(questionnaire, language, fields, number)

    @cached_property
    def tested(self) -> dict[str, Any]:
        """The facts of the made-up event that were chosen."""
        tests = list(tests_of_facts(self.questionnaire.document))
        chosen = {test["name"]: _last(self.fields, f"{FACT}{test['name']}") for test in tests}
        values = {(test["name"], str(value)): value for test in tests for value in _values_of(test)}
        return {name: values.get((name, value), SOMETHING_ELSE) for name, value in chosen.items() if value}

    @cached_property
    def question_set(self) -> str:
        """A trial goes through the first of rotating sets."""
        return next(iter(self.questionnaire.sets), "")

    @cached_property
    def read(self) -> ReadAnswers:
        """All answers so far, checked as a whole."""
        return read_answers(
            self.questionnaire.questions, self.fields, facts=self.tested, question_set=self.question_set
        )

    @cached_property
    def screens(self) -> tuple[Screen, ...]:
        """The screens that are on the way."""
        steps = self.questionnaire.steps
        return plan_screens(
            steps, answers=self.read.answers, facts=self.tested, question_set=self.question_set
        ) or (Screen(1, ()),)

    @cached_property
    def known(self) -> Known:
        """What the holes of texts are filled with."""
        return Known(
            self.language,
            example_facts(self.tested, language=self.language),
            self.read.answers,
            self.questionnaire.questions,
        )

    @property
    def here(self) -> int:
        """The place of the screen that was left."""
        return next((place for place, screen in enumerate(self.screens) if screen.number == self.number), 0)

    def errors_on(self, place: int) -> dict[str, str]:
        """Return the errors of one screen by question key."""
        return {
            key: sentence for key, sentence in self.read.errors.items() if key in self.screens[place].keys
        }

    def next_place(self, *, is_back: bool) -> int | None:
        """Return the place of the screen that comes next, None
        when it was the last; a screen with errors comes again.
        """
        if is_back:
            return max(0, self.here - 1)
        if self.errors_on(self.here):
            return self.here
        if any(
            question.ends_all and question.key in self.read.answers
            for question in self.questionnaire.questions
        ):
            return None
        if self.here + 1 < len(self.screens):
            return self.here + 1
        return next(
            (place for place in range(len(self.screens)) if self.errors_on(place)),
            self.here if self.read.errors else None,
        )


def try_out(document: Document, *, language: str, sent: Fields | None, csrf_token: str) -> Trial:
    """Take the author through the questionnaire as the server
    takes customers. `sent` is None for the first page.

    Where conditions look at the event, the author first says what kind of event it is.
    """
    attempt = _Attempt.of(document, language, sent or {})
    with translation.override(language):
        if sent is None and any(tests_of_facts(document)):
            return Trial(_facts_page(attempt, csrf_token))
        if sent is None or CARRIED not in sent:
            return Trial(_form(attempt, 0, {}, csrf_token))
        place = attempt.next_place(is_back=BACK in sent)
        if place is None:
            return Trial(_end(attempt), is_over=True)
        is_again = place <= attempt.here and BACK not in sent
        errors = attempt.errors_on(place) or attempt.read.errors if is_again else {}
        return Trial(_form(attempt, place, errors, csrf_token))


def _form(attempt: _Attempt, place: int, errors: Mapping[str, str], csrf_token: str) -> Page:
    sheet = Sheet(attempt.language, attempt.screens[place], place + 1, len(attempt.screens))
    pipe = partial(fill, known=attempt.known)
    context = form_context(attempt.questionnaire, sheet, Filled(attempt.fields, errors), pipe=pipe)
    carried = json.dumps({name: list(values) for name, values in attempt.fields.items()}, ensure_ascii=False)
    return _page(
        "questionnaires/trial.html",
        attempt,
        {**context, "csrf_token": csrf_token, "carried_name": CARRIED, "carried": carried},
    )


def _facts_page(attempt: _Attempt, csrf_token: str) -> Page:
    """Return the question what event the trial is about: each
    fact that a condition looks at, with the values that it names.
    """
    facts: dict[str, dict[str, Any]] = {}
    names = names_of_values(tests_of_facts(attempt.questionnaire.document))
    for test in tests_of_facts(attempt.questionnaire.document):
        fact = facts.setdefault(
            test["name"], {"name": f"{FACT}{test['name']}", "label": name_in_words(test), "choices": []}
        )
        known = [value for value, _words in fact["choices"]]
        fact["choices"] += [
            (str(value), value_in_words(test, value, names))
            for value in _values_of(test)
            if str(value) not in known
        ]
        fact["is_truth"] = isinstance(test.get("value"), bool)
    return _page(
        "questionnaires/trial_facts.html",
        attempt,
        {"facts": facts.values(), "other_value": SOMETHING_ELSE, "csrf_token": csrf_token},
    )


def _end(attempt: _Attempt) -> Page:
    language, questions, answers = attempt.language, attempt.questionnaire.questions, attempt.read.answers
    ends = (
        end
        for end in attempt.questionnaire.ends
        if is_met(end.get("condition"), answers=answers, facts=attempt.tested)
    )
    first: Mapping[str, Any] = next(ends, {"text": attempt.questionnaire.document.get("thanks") or {}})
    answered = [
        {
            "text": fill(question.texts["text"].get(language, ""), attempt.known),
            "answer": question.in_words(answers, language=language),
        }
        for question in questions
        if question.in_words(answers, language=language)
    ]
    end = {
        "text": fill(first["text"].get(language, ""), attempt.known),
        "redirect": first.get("redirect", ""),
    }
    return _page("questionnaires/trial_end.html", attempt, {"end": end, "answered": answered})


def _page(template: str, attempt: _Attempt, context: Mapping[str, Any]) -> Page:
    title = attempt.questionnaire.word("title", attempt.language)
    languages = attempt.questionnaire.document["languages"]
    page = render(
        template, language=attempt.language, languages=languages, context={"title": title, **context}
    )
    return Page(page.plain, policy=form_policy(has_drawing=attempt.questionnaire.has_drawing))


def _values_of(test: Document) -> list[Any]:
    value = test.get("value")
    if value is None:
        return []
    return [True, False] if isinstance(value, bool) else [value]


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
