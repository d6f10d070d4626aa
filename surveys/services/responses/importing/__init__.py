"""Answers collected elsewhere."""

from surveys.services.responses.importing.answers import (
    AnswerRefusal,
    ElsewhereAnswer,
    Key,
    Recorded,
    Refused,
)
from surveys.services.responses.importing.recording import record_elsewhere

__all__ = ["AnswerRefusal", "ElsewhereAnswer", "Key", "Recorded", "Refused", "record_elsewhere"]
