"""JSON as a document. What it leaves out is as its field has it by default."""

from collections.abc import Mapping
from typing import Any

from feedback_site.questionnaires.document.content import (
    ConditionContent,
    ConditionTest,
    Document,
    EndPageContent,
    OptionContent,
    QuestionContent,
)

# An object of JSON, at the border: inside the site there are documents.
Json = Mapping[str, Any]
_OF_THE_FILE = ("format", "version")


def read_document(content: Json) -> Document:
    """Return the document that JSON states.

    JSON from outside is checked before (`services.exchange.checking`): a key that
    no field has, or one that is missing, is a TypeError here.
    """
    own = {name: value for name, value in content.items() if name not in _OF_THE_FILE}
    own["questions"] = tuple(map(_question, content.get("questions", ())))
    own["end_pages"] = tuple(map(_end_page, content.get("end_pages", ())))
    own["languages"] = tuple(content.get("languages", ()))
    return Document(**own)


def _question(content: Json) -> QuestionContent:
    own = dict(content)
    own["options"] = tuple(OptionContent(**one) for one in content.get("options", ()))
    own["rows"] = tuple(OptionContent(**one) for one in content.get("rows", ()))
    own["condition"] = _condition(content.get("condition", {}))
    return QuestionContent(**own)


def _end_page(content: Json) -> EndPageContent:
    return EndPageContent(**{**content, "condition": _condition(content.get("condition", {}))})


def _condition(content: Json) -> ConditionContent:
    return ConditionContent(
        **{**content, "tests": tuple(ConditionTest(**one) for one in content.get("tests", ()))}
    )
