"""A mail server that accepts everything and delivers nothing."""

import asyncio
import re
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from feedback_site.demo.sinks.files import SinkFolder

HOST = "127.0.0.1"
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([A-Za-z0-9-]{1,64})@", re.MULTILINE | re.IGNORECASE)

_PLAIN_PATH = re.compile(r"\s*<([A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,189})>(.*)", re.DOTALL)


class MailFolder:
    """Keeps each mail, as it came over the wire, in a file of its own."""

    def __init__(self, path: Path) -> None:
        self._folder = SinkFolder(path, ending="eml")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - the library's hook
        """Write the mail before saying that it was accepted."""
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        self._folder.write(key=_key_of(content), content=content)
        return "250 2.0.0 kept"


class _Conversation(SMTP):
    """One client's conversation.

    Plain addresses are taken without the library's full grammar, a third of its work.
    """

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        plain = _PLAIN_PATH.match(arg)
        return (plain[1], plain[2]) if plain else super()._getaddr(arg)


class SmtpSink(Controller):
    """The mail server in a thread of its own.

    `port` is the one it really listens on, also when it was asked for 0.
    """

    server: asyncio.Server

    def factory(self) -> SMTP:
        """Make what answers one connection."""
        return _Conversation(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # the library is half typed


def start_smtp_sink(*, folder: Path, port: int) -> SmtpSink:
    """Start the server and return it; `.stop()` ends it. Listens on this machine only."""
    controller = SmtpSink(MailFolder(folder), hostname=HOST, port=port, ready_timeout=10)
    controller.start()
    return controller


def _key_of(content: bytes) -> str:
    """Return the left part of the Message-ID, so that a mail that came twice shows."""
    found = _MESSAGE_ID.search(content)
    return found[1].decode() if found else "mail"
