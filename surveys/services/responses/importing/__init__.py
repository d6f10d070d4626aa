"""Answers collected elsewhere."""

from surveys.services.responses.importing.answers import ElsewhereAnswer, Key, Recorded, Refusal, Refused
from surveys.services.responses.importing.recording import record_elsewhere

__all__ = ["ElsewhereAnswer", "Key", "Recorded", "Refusal", "Refused", "record_elsewhere"]
