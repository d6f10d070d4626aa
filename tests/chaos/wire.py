"""One kept-alive connection to the site.

Whatever goes wrong on it means that are unknown what became of the request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

HOST = "127.0.0.1"
TIMEOUT_SECONDS = 15.0


class LostError(Exception):
    """No answer: the request may or may not have been done."""


@dataclass(frozen=True)
class Reply:
    status: int
    text: str


class Wire:
    """Connects when it has to, and again after a loss."""

    def __init__(self, port: int, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._connection = HTTPConnection(HOST, port, timeout=timeout)

    def ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send one request and return the answer. Raises LostError."""
        try:
            self._connection.request(method, path, body=body, headers=dict(headers or {}))
            response = self._connection.getresponse()
            return Reply(response.status, response.read().decode(errors="replace"))
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise LostError(type(error).__name__) from error

    def close(self) -> None:
        self._connection.close()
