"""A document as JSON: see docs/questionnaire_format.md."""

from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from typing import Any

from feedback_site.questionnaires.document.content import Document

FORMAT, VERSION = "feedback-site/questionnaire", 1


def write_document(document: Document) -> dict[str, Any]:
    """Return a document as JSON: the format of files, and what publishing resolved, where it did."""
    return {"format": FORMAT, "version": VERSION, **_plain(document)}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {
            one.name: _plain(getattr(value, one.name)) for one in fields(value) if not _is_open(one, value)
        }
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return dict(value) if isinstance(value, Mapping) else value


def _is_open(one: "Field[Any]", part: object) -> bool:
    """Say whether a field that may be left out has nothing to say."""
    return bool(one.metadata) and getattr(part, one.name) == one.default
