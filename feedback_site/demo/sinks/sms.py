"""An SMS gateway that accepts what is rightly signed and sends no text."""

import hmac
import json
import re
import sys
import threading
import time
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from feedback_site.delivery.channels.sms import sign
from feedback_site.demo.sinks.files import SinkFolder

HOST = "127.0.0.1"
LONGEST_BODY = 64 * 1024
CLOCK_TOLERANCE_SECONDS = 300
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_PHONE = re.compile(r"\+[1-9]\d{6,14}")


class SmsSink(ThreadingHTTPServer):
    """The gateway: answers on any path, keeps each text once by its id, also across restarts."""

    daemon_threads = True

    def __init__(self, *, folder: Path, port: int, secret: str) -> None:
        self._folder = SinkFolder(folder, ending="json")
        self._known = self._folder.keys()
        self._lock = threading.Lock()
        self.secret = secret
        super().__init__((HOST, port), SmsHandler)

    @property
    def url(self) -> str:
        """Where texts are posted to."""
        return f"http://{HOST}:{self.server_address[1]}/sms"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away; anything else is told as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def keep(self, text: dict[str, str]) -> bool:
        """Write one text and return whether it is a new one."""
        with self._lock:
            if text["id"] in self._known:
                return False
            content = {**text, "received_at": datetime.now(tz=UTC).isoformat()}
            self._folder.write(
                key=text["id"], content=json.dumps(content, ensure_ascii=False, indent=2).encode()
            )
            self._known.add(text["id"])
            return True


class SmsHandler(BaseHTTPRequestHandler):
    """One connection to the gateway, kept alive."""

    protocol_version = "HTTP/1.1"
    # Headers and body leave in two writes; waiting for more would cost each answer 40 ms.
    disable_nagle_algorithm = True
    server: SmsSink

    def do_POST(self) -> None:
        """Take one text: 200 with its id, whether it is new or known; 401 wrongly signed; 400 not a text."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            self.close_connection = True
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "length"})
            return
        body = self.rfile.read(int(length))
        if not self._is_signed(body):
            self._answer(HTTPStatus.UNAUTHORIZED, {"error": "signature"})
            return
        text = _text_in(body)
        if text is None:
            self._answer(HTTPStatus.BAD_REQUEST, {"error": "content"})
            return
        # The address is what gateways log: on record, so that a test can see that it names no customer.
        self.server.keep({**text, "path": self.path})
        self._answer(HTTPStatus.OK, {"id": text["id"]})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's signature
        """Say nothing: the files are the log."""

    def _is_signed(self, body: bytes) -> bool:
        timestamp = self.headers.get("X-Timestamp", "")
        if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > CLOCK_TOLERANCE_SECONDS:
            return False
        expected = sign(secret=self.server.secret, timestamp=timestamp, body=body)
        return hmac.compare_digest(expected.encode(), self.headers.get("X-Signature", "").encode())

    def _answer(self, status: HTTPStatus, content: dict[str, str]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def start_sms_sink(*, folder: Path, port: int, secret: str) -> SmsSink:
    """Start the gateway in a thread of its own and return it; `.shutdown()` and `.server_close()` end it."""
    server = SmsSink(folder=folder, port=port, secret=secret)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    return server


def _text_in(body: bytes) -> dict[str, str] | None:
    try:
        content = json.loads(body)
    except ValueError:
        return None
    if (
        not isinstance(content, dict)
        or set(content) != {"id", "to", "text"}
        or not all(isinstance(value, str) for value in content.values())
    ):
        return None
    return (
        content
        if _ID.fullmatch(content["id"]) and _PHONE.fullmatch(content["to"]) and content["text"]
        else None
    )
