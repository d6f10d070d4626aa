"""A client process that answers questionnaires over raw sockets and prints what it saw as JSON.

`python -m benchmarks.load`. It knows nothing of the site but its addresses. A complete is GET of the form,
answered with 200, and POST of the answers, answered with 200 or what `--posted` says. With `--csrf` the form
carries the token and the cookie that came with the page, as a browser's would; what our forms say of
themselves is the same in all forms of a run, so it is read from the first page.

Closed loop: each connection starts the next complete when the last one is done. Open loop (`--rate`):
completes start when their moment has come, whether or not a thread is free; latency counts from that moment,
so a server that falls behind cannot hide it.
"""

import argparse
import gzip
import json
import random
import re
import selectors
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

_CHUNK, _SHOWN = 1 << 16, 200
_GRACE_SECONDS = 10.0
_HEADERS = (
    "Host: 127.0.0.1\r\nUser-Agent: Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36\r\n"
    "Accept: text/html,application/xhtml+xml\r\nAccept-Language: zh-CN,zh;q=0.9\r\nAccept-Encoding: gzip\r\n"
)
_CSRF_FIELD, _QUOTE = b'name="csrfmiddlewaretoken" value="', b'"'
_HIDDEN = re.compile(rb'<input type="hidden" name="(\.form)" value="([^"]+)">')
_FORM = (
    "satisfaction=5&resolved=yes&attitude=4&recommend=9&comment=%E5%B8%88%E5%82%85%E5%BE%88%E4%B8%93%E4%B8%9A"
)


@dataclass(eq=False)
class _Connection:
    socket: socket.socket
    path: str = ""
    is_posting: bool = False
    due_at: float = 0.0
    asked_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True)
class Form:
    """What is posted, and the status that says it was taken.

    The fields as a body, and whether Django's CSRF token goes with them.
    """

    body: str = _FORM
    has_csrf: bool = False
    posted: int = 200


@dataclass
class Seen:
    """What one client saw: acknowledged completes, refusals, connections lost while busy or idle.

    Latencies in seconds.
    """

    acknowledged: int = 0
    refused: int = 0
    lost_busy: int = 0
    lost_idle: int = 0
    seconds: float = 0.0
    get: list[float] = field(default_factory=list)
    post: list[float] = field(default_factory=list)
    complete: list[float] = field(default_factory=list)


class Client:
    """Drives a number of kept-alive connections from one thread."""

    def __init__(self, *, port: int, paths: list[str], connections: int, form: Form) -> None:
        self._paths = deque(paths)
        self._form = form
        self._port = port
        self._selector = selectors.DefaultSelector()
        self._idle: list[_Connection] = []
        self._busy = 0
        self._hidden: str | None = None
        self.seen = Seen()
        for _ in range(connections):
            self._connect()

    def run_closed(self, *, seconds: float) -> Seen:
        """Answer as fast as the server lets us for so long, or until the paths are used up."""
        started = time.perf_counter()
        until = started + seconds
        while self._busy or time.perf_counter() < until:
            while self._idle and self._paths and time.perf_counter() < until:
                self._start(due_at=time.perf_counter())
            if not self._busy:
                break
            self._read(0.1)
        self.seen.seconds = time.perf_counter() - started
        return self.seen

    def run_open(self, *, seconds: float, rate: float, dice: random.Random) -> Seen:
        """Start completes at random moments, `rate` a second on average.

        Whether or not earlier ones are done.
        """
        started = time.perf_counter()
        moments: deque[float] = deque()
        moment = started + dice.expovariate(rate)
        while moment < started + seconds:
            moments.append(moment)
            moment += dice.expovariate(rate)
        give_up = started + seconds + _GRACE_SECONDS
        while (moments or self._busy) and time.perf_counter() < give_up:
            while moments and self._idle and self._paths and moments[0] <= time.perf_counter():
                self._start(due_at=moments.popleft())
            wait = moments[0] - time.perf_counter() if moments and self._idle else 0.05
            self._read(min(max(wait, 0.0), 0.05))
        self.seen.seconds = time.perf_counter() - started
        self.seen.refused += len(moments) + self._busy
        return self.seen

    def _connect(self) -> None:
        raw = socket.create_connection(("127.0.0.1", self._port))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = _Connection(raw)
        self._selector.register(raw, selectors.EVENT_READ, connection)
        self._idle.append(connection)

    def _replace(self, connection: _Connection) -> None:
        """Take a new connection for one that the server closed; what it was busy with counts as lost."""
        self._selector.unregister(connection.socket)
        connection.socket.close()
        if connection in self._idle:
            self._idle.remove(connection)
            self.seen.lost_idle += 1
        else:
            self._busy -= 1
            self.seen.lost_busy += 1
        self._connect()

    def _start(self, *, due_at: float) -> None:
        connection = self._idle.pop()
        connection.path, connection.due_at, connection.is_posting = self._paths.popleft(), due_at, False
        self._busy += 1
        self._send(connection, f"GET {connection.path} HTTP/1.1\r\n{_HEADERS}\r\n")

    def _post(self, connection: _Connection) -> None:
        connection.is_posting = True
        if self._hidden is None:
            self._hidden = hidden_fields(_page_of(connection.received))
        cookie, body = (
            _with_csrf(connection.received, self._form.body)
            if self._form.has_csrf
            else ("", self._hidden + self._form.body)
        )
        head = (
            f"POST {connection.path} HTTP/1.1\r\n{_HEADERS}{cookie}Content-Type: "
            "application/x-www-form-urlencoded\r\n"
        )
        self._send(connection, f"{head}Content-Length: {len(body)}\r\n\r\n{body}")

    def _send(self, connection: _Connection, request: str) -> None:
        connection.asked_at = time.perf_counter()
        connection.received.clear()
        connection.socket.sendall(request.encode())

    def _read(self, seconds: float) -> None:
        for key, _events in self._selector.select(seconds):
            connection: _Connection = key.data
            try:
                chunk = connection.socket.recv(_CHUNK)
            except ConnectionError:
                chunk = b""
            if not chunk:
                self._replace(connection)
                continue
            connection.received += chunk
            status = _status_when_complete(connection.received)
            if status:
                self._note(connection, status)

    def _note(self, connection: _Connection, status: int) -> None:
        now = time.perf_counter()
        (self.seen.post if connection.is_posting else self.seen.get).append(now - connection.asked_at)
        if not connection.is_posting and status == _SHOWN:
            self._post(connection)
            return
        if connection.is_posting and status == self._form.posted:
            self.seen.acknowledged += 1
            self.seen.complete.append(now - connection.due_at)
        else:
            self.seen.refused += 1
        self._busy -= 1
        self._idle.append(connection)


def _status_when_complete(received: bytearray) -> int:
    """Return the status once head and body are there, else 0."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return 0
    head = bytes(received[:end]).lower()
    place = head.find(b"content-length:")
    length = int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
    return int(head[9:12]) if len(received) >= end + 4 + length else 0


def _with_csrf(page: bytearray, body: str) -> tuple[str, str]:
    """Return the cookie's line and the body with the token in front."""
    cookie = _between(page, b"csrftoken=", b";")
    return (
        f"Cookie: csrftoken={cookie}\r\n",
        f"csrfmiddlewaretoken={_between(page, _CSRF_FIELD, _QUOTE)}&{body}",
    )


def hidden_fields(page: bytes) -> str:
    """Return what the form says of itself, with an ampersand behind it; empty when it says nothing."""
    return "".join(f"{name.decode()}={value.decode()}&" for name, value in _HIDDEN.findall(page))


def _page_of(received: bytearray) -> bytes:
    head, _end, body = bytes(received).partition(b"\r\n\r\n")
    return gzip.decompress(body) if b"content-encoding: gzip" in head.lower() else body


def _between(page: bytearray, before: bytes, after: bytes) -> str:
    start = page.index(before) + len(before)
    return page[start : page.index(after, start)].decode()


def main(arguments: list[str] | None = None) -> None:
    """Run one client and print what it saw."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--tokens", type=Path, help="a file with one link token a line")
    parser.add_argument("--paths", type=Path, help="instead of tokens: a file with one path a line")
    parser.add_argument("--form", default=_FORM)
    parser.add_argument("--csrf", action="store_true")
    parser.add_argument("--posted", type=int, default=200, help="the status that says that a form was taken")
    parser.add_argument("--connections", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--rate", type=float, default=0.0, help="completes a second; 0: closed loop")
    options = parser.parse_args(arguments)
    words = (options.paths or options.tokens).read_text(encoding="utf-8").split()
    paths = words if options.paths else [f"/r/{token}/" for token in words]
    form = Form(options.form, has_csrf=options.csrf, posted=options.posted)
    client = Client(port=options.port, paths=paths, connections=options.connections, form=form)
    if options.rate:
        seen = client.run_open(seconds=options.seconds, rate=options.rate, dice=random.Random())  # noqa: S311 - arrivals are no secret
    else:
        seen = client.run_closed(seconds=options.seconds)
    json.dump(vars(seen), sys.stdout)


if __name__ == "__main__":
    main()
