"""Takes mail as fast as a core can and prints at TERM what it took.

`python -m benchmarks.mail_server --port N`. A mail server that costs more than what is measured would be
measured itself.
"""

import argparse
import asyncio
import json
import re
import signal
import sys

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>]+)>", re.MULTILINE | re.IGNORECASE)
_END = b"\r\n.\r\n"
_OK = b"250 OK\r\n"
_REPLIES = {
    b"EHLO": b"250-bench\r\n250-8BITMIME\r\n250 SIZE 10000000\r\n",
    b"HELO": b"250 bench\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}


class Counts:
    """How many mails came, and how many different ones."""

    def __init__(self) -> None:
        self.received = 0
        self.ids: set[bytes] = set()

    def take(self, mail: bytes) -> None:
        """Count one mail."""
        found = _MESSAGE_ID.search(mail)
        self.received += 1
        self.ids.add(found[1] if found else b"")


class MailProtocol(asyncio.Protocol):
    """One SMTP conversation."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._received = bytearray()
        self._is_in_data = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self._transport = transport if isinstance(transport, asyncio.Transport) else None
        self._say(b"220 bench ready\r\n")

    def data_received(self, data: bytes) -> None:
        """Take whatever is complete."""
        self._received += data
        while self._take_mail() if self._is_in_data else self._take_command():
            pass

    def _take_command(self) -> bool:
        end = self._received.find(b"\r\n")
        if end < 0:
            return False
        verb = bytes(self._received[:4]).upper()
        del self._received[: end + 2]
        self._is_in_data = verb == b"DATA"
        self._say(_REPLIES.get(verb, _OK))
        return True

    def _take_mail(self) -> bool:
        end = self._received.find(_END)
        if end < 0:
            return False
        self._counts.take(bytes(self._received[:end]))
        del self._received[: end + len(_END)]
        self._is_in_data = False
        self._say(_OK)
        return True

    def _say(self, reply: bytes) -> None:
        if self._transport:
            self._transport.write(reply)


async def serve(port: int) -> Counts:
    """Take mail until INT or TERM."""
    counts, stopped = Counts(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(lambda: MailProtocol(counts), "127.0.0.1", port)
    await stopped.wait()
    server.close()
    return counts


def main(arguments: list[str] | None = None) -> None:
    """Serve, then print the counts as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    counts = asyncio.run(serve(parser.parse_args(arguments).port))
    json.dump({"received": counts.received, "different": len(counts.ids)}, sys.stdout)


if __name__ == "__main__":
    main()
