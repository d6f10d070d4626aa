"""Keeps link tokens and personal data out of logs."""

import re
from typing import Any

from structlog.typing import EventDict, WrappedLogger

TOKEN_IN_PATH = re.compile(r"(/(?:r|voice)/)[^/\s?#\"']+")
PERSONAL_KEYS = frozenset(
    {
        "name",
        "phone",
        "email",
        "address",
        "recipient",
        "password",
        "secret",
        "token",
        "authorization",
        "ip",
        "user_agent",
    }
)


def redact(text: str) -> str:
    """Replace in `text` the token of every questionnaire link and the number of every customer message."""
    return TOKEN_IN_PATH.sub(r"\1[token]", text)


def _redact_value(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {
            key: "[redacted]" if key in PERSONAL_KEYS else _redact_value(item) for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_redact_value(item) for item in value]
    return value


def redact_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop the query of a request's address: it holds what a person typed.

    A structlog processor, the last before rendering.
    """
    if isinstance(event.get("request"), str):
        event["request"] = event["request"].partition("?")[0]
    for key, value in event.items():
        event[key] = "[redacted]" if key in PERSONAL_KEYS else _redact_value(value)
    return event
