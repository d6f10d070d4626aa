"""SMS by a signed JSON gateway over HTTP, one kept-alive connection per batch."""

import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from feedback_site.delivery.channels.envelopes import Handover, Result
from feedback_site.delivery.enums import AttemptOutcome

TIMEOUT_SECONDS = 10
_ACCEPTED = (HTTPStatus.OK, HTTPStatus.ACCEPTED)
_LONGEST_ANSWER = 4096


def sign(*, secret: str, timestamp: str, body: bytes) -> str:
    """Return the hex HMAC-SHA256 of `timestamp.body`, which the gateway compares."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@contextmanager
def open_sms_gateway() -> Iterator["SmsGateway"]:
    """Yield the gateway; the connection, if one was opened, is closed with the block."""
    gateway = SmsGateway(urlsplit(settings.SMS_GATEWAY_URL))
    try:
        yield gateway
    finally:
        gateway.close()


class SmsGateway:
    """Hands texts to the gateway, at most once.

    After the first byte of a request, a missing answer makes the message `uncertain`.
    """

    def __init__(self, url: SplitResult) -> None:
        self._url = url
        self._connection: http.client.HTTPConnection | None = None
        self._unreachable: Result | None = None

    def send(self, handover: Handover) -> Result:
        """Hand over one text.

        Once the gateway could not be reached, the rest of the batch gets that answer at once.
        """
        if not self._url.netloc:
            return Result(AttemptOutcome.PERMANENT, "no_gateway")
        self._unreachable = self._unreachable or self._connect()
        if self._unreachable or self._connection is None:
            return self._unreachable or Result(AttemptOutcome.TEMPORARY, "connect")
        try:
            return self._post(self._connection, handover)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return Result(AttemptOutcome.UNCERTAIN, f"lost_{type(error).__name__}"[:60])

    def close(self) -> None:
        """Close the connection if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self) -> Result | None:
        if self._connection is not None and self._connection.sock is not None:
            return None
        secure = self._url.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._connection = kind(self._url.netloc, timeout=TIMEOUT_SECONDS)
        try:
            self._connection.connect()
        except OSError as error:
            self.close()
            return Result(AttemptOutcome.TEMPORARY, f"connect_{type(error).__name__}"[:60])
        return None

    def _post(self, connection: http.client.HTTPConnection, handover: Handover) -> Result:
        envelope = handover.envelope
        content = {"id": str(handover.message_id), "to": envelope.address, "text": envelope.text}
        body = json.dumps(content, ensure_ascii=False).encode()
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Timestamp": timestamp,
            "X-Signature": sign(secret=settings.SMS_GATEWAY_SECRET, timestamp=timestamp, body=body),
        }
        path = self._url.path or "/"
        connection.request(
            "POST", f"{path}?{self._url.query}" if self._url.query else path, body=body, headers=headers
        )
        response = connection.getresponse()
        return _judge(response.status, response.read(_LONGEST_ANSWER))


def _judge(status: int, answer: bytes) -> Result:
    code = f"http_{status}"
    if status in _ACCEPTED:
        return Result(AttemptOutcome.ACCEPTED, code, provider_id=_number_in(answer))
    is_about_message = (
        HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
        and status != HTTPStatus.TOO_MANY_REQUESTS
    )
    return Result(AttemptOutcome.PERMANENT if is_about_message else AttemptOutcome.TEMPORARY, code)


def _number_in(answer: bytes) -> str:
    try:
        content = json.loads(answer)
    except ValueError:
        return ""
    number = content.get("id", "") if isinstance(content, dict) else ""
    return str(number)[:120]
