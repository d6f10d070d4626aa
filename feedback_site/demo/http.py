"""A few lines of HTTP: one request on one connection, no redirects followed."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 10.0
# What can go wrong on the way, apart from what the server answers.
TransportError = (OSError, HTTPException)
_FIRST_ERROR = 400


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What a server said."""

    status: int
    text: str

    @property
    def is_ok(self) -> bool:
        """True unless the server refused or failed."""
        return self.status < _FIRST_ERROR


def send(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT_SECONDS,
) -> HttpAnswer:
    """Send one request and return the answer. Raises one of `TransportError` when there is none."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout)
    try:
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request(method, target, body=body, headers=dict(headers or {}))
        response = connection.getresponse()
        return HttpAnswer(response.status, response.read().decode(errors="replace"))
    finally:
        connection.close()
