"""A document with other words."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from feedback_site.questionnaires.document.content import (
    Document,
    EndPageContent,
    OptionContent,
    QuestionContent,
    Texts,
)

Change = Callable[[Texts], Texts]
_Part = TypeVar("_Part", EndPageContent, OptionContent)


def with_texts(document: Document, change: Change) -> Document:
    """Return the document with everything that customers read changed; its name is for staff alone."""
    return replace(
        document,
        title=change(document.title),
        intro=change(document.intro),
        thanks=change(document.thanks),
        privacy=change(document.privacy),
        questions=tuple(_question(question, change) for question in document.questions),
        end_pages=tuple(_with_text(end, change) for end in document.end_pages),
    )


def _question(question: QuestionContent, change: Change) -> QuestionContent:
    return replace(
        question,
        text=change(question.text),
        help=change(question.help),
        low_label=change(question.low_label),
        high_label=change(question.high_label),
        options=tuple(_with_text(option, change) for option in question.options),
        rows=tuple(_with_text(row, change) for row in question.rows),
    )


def _with_text(part: _Part, change: Change) -> _Part:
    return replace(part, text=change(part.text))
