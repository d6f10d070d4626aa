"""A single choice among options with stable keys."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from surveys.questions.base import CompiledQuestion, InvalidAnswer, texts_of


def compile_question(content: Mapping[str, Any]) -> CompiledQuestion:
    """Compile a question answered by the key of one option."""
    choices = tuple((option["key"], option["text"]) for option in content["options"])
    return CompiledQuestion(
        key=content["key"],
        metric=content["metric"],
        is_required=content["required"],
        texts=texts_of(content),
        template="surveys/questions/choice.html",
        reader=partial(_read, keys=frozenset(key for key, _texts in choices)),
        choices=choices,
    )


def _read(raw: str, keys: frozenset[str]) -> str:
    if raw not in keys:
        raise InvalidAnswer(_("Please choose one of the options."))
    return raw
