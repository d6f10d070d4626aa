"""The JSON Schema of a definition, see docs/questionnaire_format.md.

Lengths and choices are those of the models.
"""

from typing import Any

from django.db.models import Model

from feedback_site.common.languages import Language
from feedback_site.questionnaires.document import FORMAT, VERSION
from feedback_site.questionnaires.enums import (
    ConditionJoin,
    ConditionOperator,
    ConditionSource,
    Layout,
    Metric,
)
from feedback_site.questionnaires.models import Condition, EndPage, Question, Questionnaire, QuestionOption
from feedback_site.questionnaires.questions import QUESTION_CLASSES

MOST_QUESTIONS, MOST_OPTIONS, MOST_TESTS, MOST_END_PAGES = 500, 500, 100, 100
MOST_PAGES = 1000
SLUG = r"^[-a-zA-Z0-9_]+\Z"
SLUG_OR_NONE = r"^[-a-zA-Z0-9_]*\Z"
ADDRESS_OR_NONE = r"^(https?://\S+)?\Z"
Schema = dict[str, Any]


def definition_schema() -> Schema:
    """Return the schema of a whole definition.

    Every key is required, so that what is exported again is what was imported.

    But for what a question counts as: that is proposed where it is not stated.
    """
    texts = {name: _texts(Questionnaire, name) for name in ("title", "intro", "thanks", "privacy")}
    return _object(
        {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "slug": _slug(Questionnaire, "slug"),
            "name": _texts(Questionnaire, "names"),
            **texts,
            "hotline": _string(Questionnaire, "hotline"),
            "layout": {"enum": Layout.values},
            "default_language": {"enum": Language.values},
            "questions": {"type": "array", "maxItems": MOST_QUESTIONS, "items": _question()},
            "end_pages": {"type": "array", "maxItems": MOST_END_PAGES, "items": _end_page()},
        }
    )


def settings_schema(kind: str) -> Schema:
    """Return the schema of the settings that a type of question has; each may be left out."""
    known = {name: dict(schema) for name, schema in QUESTION_CLASSES[kind].known_settings.items()}
    return {"type": "object", "additionalProperties": False, "properties": known}


def _question() -> Schema:
    texts = {name: _texts(Question, name) for name in ("text", "help", "low_label", "high_label")}
    question = _object(
        {
            "key": _slug(Question, "key"),
            "type": {"enum": list(QUESTION_CLASSES)},
            "metric": {"enum": Metric.values},
            "indicator": {"type": "string", "pattern": SLUG_OR_NONE, "maxLength": 60},
            "required": {"type": "boolean"},
            "page": {"type": "integer", "minimum": 1, "maximum": MOST_PAGES},
            "set": {**_string(Question, "question_set"), "pattern": SLUG_OR_NONE},
            "settings": {"type": "object"},
            **texts,
            "options": _options(),
            "rows": _options(),
            "condition": _condition(),
        }
    )
    # Where a definition does not say what a question counts as, that is proposed.
    question["required"] = [name for name in question["required"] if name != "metric"]
    return question


def _options() -> Schema:
    option = _object(
        {
            "key": _slug(QuestionOption, "key"),
            "text": _texts(QuestionOption, "text"),
            "exclusive": {"type": "boolean"},
            "asks_text": {"type": "boolean"},
        }
    )
    # Definitions written before there was a mark are good without it.
    option["properties"]["fulfils"] = {"type": ["boolean", "null"]}
    return {"type": "array", "maxItems": MOST_OPTIONS, "items": option}


def _condition() -> Schema:
    test = _object(
        {
            "of": {"enum": ConditionSource.values},
            "name": {"type": "string", "maxLength": 60},
            "operator": {"enum": ConditionOperator.values},
            "value": _string(Condition, "value"),
        }
    )
    tests = {"type": "array", "maxItems": MOST_TESTS, "items": test}
    return _object({"join": {"enum": ConditionJoin.values}, "tests": tests})


def _end_page() -> Schema:
    return _object(
        {
            "key": _slug(EndPage, "key"),
            "text": _texts(EndPage, "text"),
            "redirect": {**_string(EndPage, "redirect_url"), "pattern": ADDRESS_OR_NONE},
            "condition": _condition(),
        }
    )


def _object(properties: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _string(model: type[Model], field: str, *, least: int = 0) -> Schema:
    return {"type": "string", "minLength": least, "maxLength": _length(model, field)}


def _slug(model: type[Model], field: str) -> Schema:
    return {"type": "string", "pattern": SLUG, "maxLength": _length(model, field)}


def _texts(model: type[Model], field: str) -> Schema:
    return _object({code: _string(model, field) for code in sorted(Language.values)})


def _length(model: type[Model], field: str) -> int:
    length: int = model._meta.get_field(field).max_length  # type: ignore[union-attr,assignment] # noqa: SLF001 - Django's documented API
    return length
