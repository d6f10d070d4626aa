"""Errors of the domain: each carries a sentence for people and details for programs."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise


class DomainError(Exception):
    """Something the domain does not allow; edges turn it into a form error, a message or an API answer.

    `message` is translated and says what to do; `extra` holds ids and figures (never personal data).
    """

    status_code = 400

    def __init__(self, message: str | Promise, extra: Mapping[str, Any] | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.extra = dict(extra or {})


class ConflictError(DomainError):
    """The request contradicts what is already on record."""

    status_code = 409


class NotFoundError(DomainError):
    """What was named does not exist, or not within the caller's scope: the answer is the same for both."""

    status_code = 404


class NotAllowedError(DomainError):
    """This is not for the caller to do."""

    status_code = 403


class LeaseLostError(ConflictError):
    """The job was cancelled, or another worker has it by now."""
