"""A questionnaire as customers would see it, for its author: drawn from a document, tried out to its end, and never stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.common.languages import Language
from feedback_site.common.public_pages import render, security_policy
from surveys.enums import ConditionJoin, ConditionOperator, ConditionSource, EventFact
from surveys.questions import CompiledQuestion, Fields, Statistics, compile_question
from surveys.rules.conditions import is_met
from surveys.services.answering import ReadAnswers, read_answers

Document = Mapping[str, Any]
EVERYTHING, SHORTEST = "all", "short"
# Names of fields that no question has: keys of questions have no blank.
SHOWN_FIELD, FACT_FIELD = "shown now", "fact "


@dataclass(frozen=True)
class Branch:
    """One way through a questionnaire."""

    key: str
    label: str


def compile_leniently(document: Document) -> list[CompiledQuestion]:
    """Compile the questions of a draft, leaving out those that cannot be drawn yet; publishing says why."""
    compiled = []
    for content in document["questions"]:
        try:
            question = compile_question(content)
            question.context(language=Language.ENGLISH.value, values={}, error="")
        except (KeyError, TypeError, ValueError):
            continue
        compiled.append(question)
    return compiled


def branches_of(document: Document) -> list[Branch]:
    """Return the ways through: everything at once, the shortest, and one for each condition."""
    conditions = _conditions_of(document)
    own = [Branch(str(number), condition_in_words(condition)) for number, condition in enumerate(conditions)]
    return [Branch(EVERYTHING, _("all questions")), *([Branch(SHORTEST, _("no condition holds")), *own] if own else [])]


def condition_in_words(condition: Document) -> str:
    """Return a condition as authors say it."""
    joint = f" {_('and')} " if condition["join"] == ConditionJoin.ALL else f" {_('or')} "
    return joint.join(_test_in_words(test) for test in condition["tests"])


def preview(document: Document, *, language: str, branch: str) -> bytes:
    """Return the page of one branch in one language; its buttons do nothing. An unknown branch shows everything."""
    conditions = _conditions_of(document)
    chosen = conditions[int(branch)] if branch.isdecimal() and int(branch) < len(conditions) else None
    wanted = _with_what_it_needs(document, chosen) if chosen is not None else []
    questions = [
        question
        for question in compile_leniently(document)
        if question.condition is None or (branch != SHORTEST and (chosen is None or question.condition in wanted))
    ]
    ends = [end for end in document.get("ends") or [] if chosen is None or end.get("condition") in (None, chosen)]
    with translation.override(language):
        context = {
            "pages": _pages(questions, language, {}, {}, notes=chosen is None),
            "ends": [_end(end, language) for end in ends if branch != SHORTEST or not end.get("condition")],
            "left_out": len(document["questions"]) - len(compile_leniently(document)),
        }
        return _render("surveys/preview.html", document, language, context)


@dataclass(frozen=True)
class Trial:
    """One step of a trial: the page, and whether it is the last."""

    page: bytes
    is_over: bool


def try_out(document: Document, *, language: str, fields: Fields | None, csrf_token: str, address: str) -> Trial:
    """Take the author through the questionnaire as the server would take a customer: nothing is stored.

    Questions come as their conditions begin to hold. `fields` is None for the first page.
    """
    questions = _drawn(compile_leniently(document))
    facts = _facts(document, fields or {})
    with translation.override(language):
        read = read_answers(questions, fields or {}, facts=facts, question_set=_set_of(questions))
        path = [question for question in questions if is_met(question.condition, answers=read.answers, facts=facts)]
        shown = set((fields or {}).get(SHOWN_FIELD, ()))
        news = [question for question in path if question.key not in shown]
        if fields is not None and not read.errors and all(question.statistics is Statistics.NONE for question in news):
            return Trial(_trial_end(document, questions, read, facts, language), is_over=True)
        errors = {key: sentence for key, sentence in read.errors.items() if fields is not None and key in {"", *shown}}
        context = {
            "pages": _pages(path, language, fields or {}, errors),
            "errors": errors,
            "shown": [question.key for question in path],
            "shown_field": SHOWN_FIELD,
            "facts": _fact_fields(document, fields or {}),
            "csrf_token": csrf_token,
            "address": address,
        }
        return Trial(_render("surveys/trial.html", document, language, context), is_over=False)


def framed_policy() -> str:
    """Return the Content-Security-Policy of customers' pages, but for staff pages that show them in a frame."""
    return security_policy().replace("frame-ancestors 'none'", "frame-ancestors 'self'")


def _trial_end(
    document: Document, questions: Sequence[CompiledQuestion], read: ReadAnswers, facts: Mapping[str, Any], language: str
) -> bytes:
    ends = (end for end in document.get("ends") or [] if is_met(end.get("condition"), answers=read.answers, facts=facts))
    first = next(ends, None)
    answered = [
        {"text": question.texts["text"].get(language, question.key), "answer": question.in_words(read.answers, language=language)}
        for question in questions
        if question.in_words(read.answers, language=language)
    ]
    shown = {"end": _end(first, language) if first else {"text": (document.get("thanks") or {}).get(language, "")}, "answered": answered}
    return _render("surveys/trial_end.html", document, language, {**shown, "scores": read.scores})


def _pages(
    questions: Sequence[CompiledQuestion], language: str, values: Fields, errors: Mapping[str, str], *, notes: bool = False
) -> list[dict[str, Any]]:
    pages = []
    for page, group in groupby(questions, key=lambda question: question.page):
        contexts = [
            question.context(language=language, values=values, error=errors.get(question.key, ""))
            | ({"asked_when": condition_in_words(question.condition)} if notes and question.condition else {})
            for question in group
        ]
        pages.append({"number": page, "questions": contexts})
    return pages


def _render(template: str, document: Document, language: str, context: Mapping[str, Any]) -> bytes:
    words = {name: (document.get(name) or {}).get(language, "") for name in ("title", "intro", "thanks", "privacy")}
    shown = {"hotline": document.get("hotline", ""), **words, **context}
    return render(template, language=language, languages=Language.values, context=shown).plain


def _end(end: Document, language: str) -> dict[str, str]:
    condition = end.get("condition")
    when = condition_in_words(condition) if condition else ""
    return {"text": end["text"].get(language, ""), "redirect": end.get("redirect", ""), "when": when}


def _conditions_of(document: Document) -> list[Document]:
    """Return every condition once, in the order of the questionnaire."""
    found: list[Document] = []
    for part in [*document["questions"], *(document.get("ends") or [])]:
        condition = part.get("condition")
        if condition and condition not in found:
            found.append(condition)
    return found


def _with_what_it_needs(document: Document, condition: Document) -> list[Document]:
    """Return a condition with those of the questions that it depends on."""
    by_key = {question["key"]: question.get("condition") for question in document["questions"]}
    wanted = [condition]
    for one in wanted:  # grows as it goes
        needed = (by_key.get(test["name"]) for test in one["tests"] if test["of"] == ConditionSource.ANSWER)
        wanted += [other for other in needed if other and other not in wanted]
    return wanted


def _test_in_words(test: Document) -> str:
    is_event = test["of"] == ConditionSource.EVENT
    name = str(EventFact(test["name"]).label) if is_event and test["name"] in EventFact.values else test["name"]
    value = test.get("value", "")
    shown = (_("yes") if value else _("no")) if isinstance(value, bool) else value
    return f"{name} {ConditionOperator(test['operator']).label} {shown}".strip()


def _set_of(questions: Sequence[CompiledQuestion]) -> str:
    return next((question.question_set for question in questions if question.question_set), "")


def _drawn(questions: Sequence[CompiledQuestion]) -> list[CompiledQuestion]:
    """Return the questions with one rotating set: a trial goes through the first."""
    first = _set_of(questions)
    return [question for question in questions if question.question_set in {"", first}]


def _tests_of_facts(document: Document) -> Iterator[Document]:
    for condition in _conditions_of(document):
        yield from (test for test in condition["tests"] if test["of"] == ConditionSource.EVENT)


def _facts(document: Document, fields: Fields) -> dict[str, Any]:
    """Return the made-up event's facts: those that the author ticked."""
    ticked = {name.removeprefix(FACT_FIELD) for name in fields if name.startswith(FACT_FIELD)}
    return {test["name"]: test.get("value", True) for test in _tests_of_facts(document) if test["name"] in ticked}


def _fact_fields(document: Document, fields: Fields) -> list[dict[str, Any]]:
    tests = {test["name"]: test for test in _tests_of_facts(document)}
    return [
        {
            "name": f"{FACT_FIELD}{name}",
            "label": _test_in_words({**test, "operator": ConditionOperator.EQUALS}),
            "on": f"{FACT_FIELD}{name}" in fields,
        }
        for name, test in tests.items()
    ]
