"""A questionnaire as one typed object, and as JSON: the same for drafts, files and published versions."""

from feedback_site.questionnaires.document.content import (
    UNSTATED,
    ConditionContent,
    ConditionTest,
    Document,
    EndPageContent,
    OptionContent,
    QuestionContent,
    Settings,
    Texts,
    Value,
)
from feedback_site.questionnaires.document.reading import Json, read_document
from feedback_site.questionnaires.document.rewording import with_texts
from feedback_site.questionnaires.document.writing import FORMAT, VERSION, write_document

__all__ = [
    "FORMAT",
    "UNSTATED",
    "VERSION",
    "ConditionContent",
    "ConditionTest",
    "Document",
    "EndPageContent",
    "Json",
    "OptionContent",
    "QuestionContent",
    "Settings",
    "Texts",
    "Value",
    "read_document",
    "with_texts",
    "write_document",
]
