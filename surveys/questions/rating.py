"""A rating of one to five stars."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from surveys.questions.base import CompiledQuestion, read_score, texts_of

SCORES = range(1, 6)


def compile_question(content: Mapping[str, Any]) -> CompiledQuestion:
    """Compile a question answered by one of `SCORES`."""
    return CompiledQuestion(
        key=content["key"],
        metric=content["metric"],
        is_required=content["required"],
        texts=texts_of(content),
        template="surveys/questions/rating.html",
        reader=partial(read_score, scores=SCORES),
        scores=SCORES,
    )
