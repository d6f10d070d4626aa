"""Answers collected elsewhere."""

from surveys.services.elsewhere.answers import ElsewhereAnswer, Key, Recorded, Refusal, Refused
from surveys.services.elsewhere.recording import record_elsewhere

__all__ = ["ElsewhereAnswer", "Key", "Recorded", "Refusal", "Refused", "record_elsewhere"]
