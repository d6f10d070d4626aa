"""An SMS gateway that takes its time, is busy at times, and remembers every text it ever accepted."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.chaos.wire import HOST


class Gateway(ThreadingHTTPServer):
    """`accepted` counts by message id; `refusals` counts 503s.

    `is_busy(id, times)` decides, `delay` is seconds per text.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.accepted: Counter[str] = Counter()
        self.accepted_at: list[tuple[float, str]] = []
        self.by_phone: dict[str, float] = {}
        self.refusals: Counter[str] = Counter()
        self.delay = 0.0
        self.is_busy: Callable[[str, int], bool] = lambda _id, _times: False
        self._lock = threading.Lock()
        threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.1}, name="gateway", daemon=True
        ).start()

    def take(self, text: dict[str, str]) -> bool:
        """Accept a text, or refuse it for now.

        A text that was accepted stays accepted, a person who hears of it.
        """
        time.sleep(self.delay)
        key = text["id"]
        with self._lock:
            if self.is_busy(key, self.refusals[key]):
                self.refusals[key] += 1
                return False
            self.accepted[key] += 1
            self.accepted_at.append((time.monotonic(), key))
            self.by_phone.setdefault(text["to"], time.monotonic())
            return True

    def handle_error(self, request, client_address) -> None:
        """Clients are killed in the middle of a sentence here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Gateway

    def do_POST(self) -> None:
        text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = HTTPStatus.OK if self.server.take(text) else HTTPStatus.SERVICE_UNAVAILABLE
        body = json.dumps({"id": text["id"]}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args) -> None:
        """Say nothing: the counts are the log."""
