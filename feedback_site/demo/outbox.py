"""Reads what the sinks kept: to whom a message went, and the link in it."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from email.utils import parseaddr
from pathlib import Path

FOLDERS = ("email", "sms")
_LINK = re.compile(r"https?://[^\s\"'<>]+/r/[A-Za-z0-9_-]+/")


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """One message in the outbox; the link is empty where it has none."""

    path: Path
    address: str = field(repr=False)
    link: str = field(repr=False)


class OutboxReader:
    """Yields each message once, oldest first; remembers only how far it has read."""

    def __init__(self, outbox: Path, *, skip_existing: bool = False) -> None:
        """Start at the first message, or after those that are there already."""
        self._outbox = outbox
        self._last = dict.fromkeys(FOLDERS, "")
        if skip_existing:
            self._last = {folder: max(self._names(folder), default="") for folder in FOLDERS}

    def new_messages(self) -> Iterator[KeptMessage]:
        """Yield what has come since the last call."""
        for folder in FOLDERS:
            for name in sorted(name for name in self._names(folder) if name > self._last[folder]):
                self._last[folder] = name
                message = read_message(self._outbox / folder / name)
                if message is not None:
                    yield message

    def _names(self, folder: str) -> Iterator[str]:
        try:
            with os.scandir(self._outbox / folder) as entries:
                yield from (entry.name for entry in entries if entry.name.endswith((".eml", ".json")))
        except FileNotFoundError:
            return


def read_message(path: Path) -> KeptMessage | None:
    """Read one file of the outbox; None when it is gone or no message."""
    try:
        content = path.read_bytes()
        address, text = _sms(content) if path.suffix == ".json" else _email(content)
    except (OSError, ValueError, KeyError):
        return None
    found = _LINK.search(text)
    return KeptMessage(path, address, found[0] if found else "")


def _sms(content: bytes) -> tuple[str, str]:
    message = json.loads(content)
    return message["to"], message["text"]


def _email(content: bytes) -> tuple[str, str]:
    message = BytesParser(policy=policy.default).parsebytes(content)
    body = message.get_body(preferencelist=("plain", "html"))
    return parseaddr(str(message["To"]))[1], body.get_content() if body else ""
