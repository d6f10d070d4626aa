"""Everything that is wrong with a definition, found before anything is written."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from feedback_site.evaluations.models import Indicator
from feedback_site.questionnaires.document import Document, Json, read_document
from feedback_site.questionnaires.enums import ConditionSource, EventFact, Metric
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.services.exchange.problems import (
    DefinitionError,
    DefinitionProblem,
    place_of,
)
from feedback_site.questionnaires.services.exchange.schema import Schema, definition_schema, settings_schema
from feedback_site.questionnaires.services.exchange.sentences import sentence_of

Path = tuple[str | int, ...]

# JSON Schema takes 5.0 for a whole number; Python, and what is stored, does not.
_Validator = extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _checker, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)


def sound_document(definition: object) -> Document:
    """Return the document that a definition states. Raises `DefinitionError` with every problem."""
    problems = find_problems(definition)
    if problems:
        raise DefinitionError(problems)
    # Without problems it is an object.
    return read_document(definition)  # type: ignore[arg-type] # what the schema says, mypy does not read


def find_problems(definition: object) -> list[DefinitionProblem]:
    """Return all that keeps a definition from being imported, in the order of its places."""
    problems = [*_unstorable(definition), *_misshapen(definition, definition_schema(), ())]
    if isinstance(definition, dict):
        problems += _unnamed(definition.get("name"))
        questions, ends = (_sound(definition, name, problems) for name in ("questions", "end_pages"))
        problems += _repeats(questions, ("questions",))
        problems += _repeats(ends, ("end_pages",))
        problems += _problems_of_questions(questions)
        # A condition may name a question that has a problem of its own: that is said once, there.
        named = definition.get("questions")
        keys = (
            {one.get("key") for one in named if isinstance(one, dict)} if isinstance(named, list) else set()
        )
        for name, parts in (("questions", questions), ("end_pages", ends)):
            problems += [
                found
                for place, part in parts
                for found in _dangling(part["condition"], keys, (name, place, "condition"))
            ]
    return list(dict.fromkeys(problems))


def _misshapen(value: object, schema: Schema, path: Path) -> Iterator[DefinitionProblem]:
    errors = sorted(
        _Validator(schema).iter_errors(value),
        key=lambda error: [str(step).zfill(4) for step in error.absolute_path],
    )
    for error in errors:
        here = (*path, *error.absolute_path)
        if error.validator == "additionalProperties":
            known = error.schema["properties"] if isinstance(error.schema, dict) else {}
            yield from (
                DefinitionProblem(place_of((*here, str(key)[:60])), _("this field is unknown."))
                for key in error.instance
                if key not in known
            )
        elif error.validator == "required":
            lacking = [key for key in error.validator_value if key not in error.instance]
            key = next(key for key in lacking if f"'{key}'" in error.message)
            yield DefinitionProblem(place_of((*here, key)), _("this field is missing."))
        else:
            yield DefinitionProblem(place_of(here), sentence_of(error))


def _unnamed(name: object) -> Iterator[DefinitionProblem]:
    """Yield that the questionnaire has no name in any language."""
    if isinstance(name, dict) and not any(str(text).strip() for text in name.values()):
        yield DefinitionProblem("name", _("write this in at least one language."))


def _unstorable(definition: object) -> Iterator[DefinitionProblem]:
    """Yield the texts that PostgreSQL cannot hold, wherever they are.

    Without recursion, however deep the definition is.
    """
    left: list[tuple[Path, object]] = [((), definition)]
    while left:
        path, value = left.pop()
        if isinstance(value, str) and not _is_storable(value):
            yield DefinitionProblem(place_of(path), _("the text contains characters that cannot be stored."))
        elif isinstance(value, dict):
            left.extend(((*path, str(key)[:60]), part) for key, part in value.items())
        elif isinstance(value, list):
            left.extend(((*path, place), part) for place, part in enumerate(value))


def _is_storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _sound(definition: Json, name: str, problems: Iterable[DefinitionProblem]) -> list[tuple[int, Json]]:
    """Return the entries of a list whose shape is right, with their places."""
    entries = definition.get(name)
    broken = {problem.place for problem in problems}
    if not isinstance(entries, list):
        return []
    return [
        (place, entry)
        for place, entry in enumerate(entries)
        if not any(found == f"{name}[{place}]" or found.startswith(f"{name}[{place}].") for found in broken)
    ]


def _repeats(entries: Iterable[tuple[int, Json]], path: Path) -> Iterator[DefinitionProblem]:
    seen: set[str] = set()
    for place, entry in entries:
        if entry["key"] in seen:
            yield DefinitionProblem(place_of((*path, place, "key")), _("this ID is used more than once."))
        seen.add(entry["key"])


def _problems_of_questions(questions: list[tuple[int, Json]]) -> Iterator[DefinitionProblem]:
    slugs = {question["indicator"] for _place, question in questions} - {""}
    known = set(Indicator.objects.filter(slug__in=slugs).values_list("slug", flat=True)) if slugs else set()
    counted: set[str] = set()
    for place, question in questions:
        path: Path = ("questions", place)
        yield from _misshapen(question["settings"], settings_schema(question["type"]), (*path, "settings"))
        for name in ("options", "rows"):
            yield from _repeats(enumerate(question[name]), (*path, name))
        metric = question.get("metric", Metric.NONE.value)
        if metric in counted:
            yield DefinitionProblem(
                place_of((*path, "metric")), _("another question counts as this already.")
            )
        if not QUESTION_CLASSES[question["type"]].may_count_as(metric):
            yield DefinitionProblem(
                place_of((*path, "metric")), _("a question of this type cannot count as this.")
            )
        counted |= {metric} - {Metric.NONE.value}
        if question["indicator"] and question["indicator"] not in known:
            yield DefinitionProblem(place_of((*path, "indicator")), _("there is no such indicator here."))


def _dangling(condition: Json, keys: set[Any], path: Path) -> Iterator[DefinitionProblem]:
    for place, test in enumerate(condition["tests"]):
        here = place_of((*path, "tests", place, "name"))
        if test["of"] == ConditionSource.EVENT and test["name"] not in EventFact.values:
            yield DefinitionProblem(here, _("an event has no such fact."))
        elif test["of"] == ConditionSource.ANSWER and test["name"] not in keys:
            yield DefinitionProblem(here, _("there is no question with this ID."))
