"""Question types: how an answer is read, stored, exported, and how the question looks.

Every module here is looked through for types: a class with a `name` of its own is one. Nothing lists them.
"""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from django.utils.functional import Promise

from feedback_site.questionnaires.document import QuestionContent
from feedback_site.questionnaires.questions.base import (
    Answer,
    AnswerKind,
    CompiledQuestion,
    Fields,
    Statistics,
)
from feedback_site.questionnaires.questions.invalid import InvalidAnswer
from feedback_site.questionnaires.questions.kept import KeptQuestion
from feedback_site.questionnaires.questions.settings import Setting, SettingKind


def _types_here() -> Iterator[type[CompiledQuestion]]:
    for found in pkgutil.iter_modules(__path__, f"{__name__}."):
        for one in vars(import_module(found.name)).values():
            is_own = isinstance(one, type) and one.__module__ == found.name
            if is_own and issubclass(one, CompiledQuestion) and "name" in vars(one):
                yield one


QUESTION_CLASSES: dict[str, type[CompiledQuestion]] = {
    one.name: one for one in sorted(_types_here(), key=lambda one: one.order)
}


def type_choices() -> list[tuple[str, Promise | str]]:
    """Return the types that authors choose from, as stored and in words."""
    return [(name, one.label) for name, one in QUESTION_CLASSES.items()]


def compile_question(content: QuestionContent) -> CompiledQuestion:
    """Compile one question of a published document. Raises KeyError on a type that is unknown."""
    return QUESTION_CLASSES[content.type](content)


def faults_of_type(content: QuestionContent) -> Iterator[str]:
    """Yield a sentence for everything that keeps a question from being published as its type."""
    return QUESTION_CLASSES[content.type].faults(content)


__all__ = [
    "QUESTION_CLASSES",
    "Answer",
    "AnswerKind",
    "CompiledQuestion",
    "Fields",
    "InvalidAnswer",
    "KeptQuestion",
    "Setting",
    "SettingKind",
    "Statistics",
    "compile_question",
    "faults_of_type",
    "type_choices",
]
