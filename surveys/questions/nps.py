"""How likely a recommendation is, 0-10 (Reichheld 2003)."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from surveys.questions.base import CompiledQuestion, read_score, texts_of

SCORES = range(11)


def compile_question(content: Mapping[str, Any]) -> CompiledQuestion:
    """Compile a question answered by one of `SCORES`."""
    return CompiledQuestion(
        key=content["key"],
        metric=content["metric"],
        is_required=content["required"],
        texts=texts_of(content),
        template="surveys/questions/nps.html",
        reader=partial(read_score, scores=SCORES),
        scores=SCORES,
    )
