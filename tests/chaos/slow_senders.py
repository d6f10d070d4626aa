"""Connections whose bodies never come to an end: a piece at once, then a byte a second."""

import contextlib
import selectors
import socket
import threading
import time
from dataclasses import dataclass
from typing import Self

from tests.chaos.wire import HOST

_LENGTH = 2000
_PAUSE = 1.0
_MOST_OF_ONE_ADDRESS = 25


@dataclass(frozen=True)
class Target:
    """Where slow senders send to, and with which headers beside the usual ones."""

    path: str
    headers: tuple[str, ...] = ()


class SlowSenders:
    """So many slow senders for a block, from addresses of this machine.

    A person who is cut off begins again.
    """

    def __init__(self, *, port: int, count: int, targets: list[Target]) -> None:
        self._port, self._count, self._targets = port, count, targets
        self._open: dict[int, socket.socket] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slow-senders", daemon=True)
        self.cut_off = 0
        self.most_open = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join(30)
        for one in self._open.values():
            one.close()

    @property
    def open(self) -> int:
        """How many are sending."""
        return len(self._open)

    def _run(self) -> None:
        while not self._stopping.is_set():
            for number in range(self._count):
                if number not in self._open:
                    self._begin(number)
            self.most_open = max(self.most_open, self.open)
            self._drop_closed()
            self._drip()
            time.sleep(_PAUSE)

    def _begin(self, number: int) -> None:
        target = self._targets[number % len(self._targets)]
        source = (f"127.0.0.{2 + number // _MOST_OF_ONE_ADDRESS}", 0)
        lines = [
            f"POST {target.path} HTTP/1.1",
            f"Host: {HOST}:{self._port}",
            "Content-Type: application/x-www-form-urlencoded",
        ]
        head = "\r\n".join([*lines, *target.headers, f"Content-Length: {_LENGTH}", "", ""])
        with contextlib.suppress(OSError):
            one = socket.create_connection((HOST, self._port), timeout=3, source_address=source)
            one.sendall(head.encode() + b"comment=")
            one.setblocking(False)  # noqa: FBT003 - the standard library's signature
            self._open[number] = one

    def _drop_closed(self) -> None:
        """Forget those that were answered or reset: no one sends on to them."""
        with selectors.DefaultSelector() as selector:
            for number, one in self._open.items():
                selector.register(one, selectors.EVENT_READ, number)
            ended = [key.data for key, _events in selector.select(0)]
        for number in ended:
            self._open.pop(number).close()
            self.cut_off += 1

    def _drip(self) -> None:
        for one in self._open.values():
            with contextlib.suppress(OSError):
                one.send(b"a")
