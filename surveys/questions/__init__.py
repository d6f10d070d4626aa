"""Question types, one module each: how an answer is read, and how the question looks. A new type is registered here."""

from collections.abc import Callable, Mapping
from typing import Any

from surveys.questions import choice, nps, rating, text
from surveys.questions.base import CompiledQuestion, InvalidAnswer

_COMPILERS: Mapping[str, Callable[[Mapping[str, Any]], CompiledQuestion]] = {
    "rating": rating.compile_question,
    "nps": nps.compile_question,
    "choice": choice.compile_question,
    "text": text.compile_question,
}


def compile_question(content: Mapping[str, Any]) -> CompiledQuestion:
    """Compile one question of a published document. Raises KeyError on a type that nobody registered."""
    return _COMPILERS[content["type"]](content)


__all__ = ["CompiledQuestion", "InvalidAnswer", "compile_question"]
