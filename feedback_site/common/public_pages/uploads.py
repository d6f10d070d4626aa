"""Forms with files: read within bounds, and never more of them at a time than a process has room for.

They are read in memory: what passes is sealed, and a disk would
keep what was not. Every other form is read by `http`.
"""

import io
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParser, MultiPartParserError

# A body, and a file in it: the largest that a question may take, and a little.
MOST_BYTES, MOST_FILE_BYTES = 12_000_000, 5_100_000
MOST_FILES = 12
# 12 MB at 1.6 Mbit/s, a bad connection of a phone.
UPLOAD_SECONDS = 60.0
# For pictures to be drawn again and stored, once all is read.
WORKING_SECONDS = 12.0
# How long one waits for a turn, and after which time one that
# brings nothing more has lost it: longer than that takes.
PATIENCE_SECONDS, STILL_SECONDS = 4.0, 15.0
_LOOK_SECONDS = 0.25
_PIECE = 64 * 1024
# For how long, and of how many at a time, a body that finds
# no turn is read to be dropped: 4 MB on that bad connection.
DROPPING_SECONDS, MOST_DROPPED = 20.0, 12


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived: how large it is, and what it holds.

    It holds nothing where it is too large to be kept. Its name is not looked at.
    """

    size: int
    content: bytes = field(default=b"", repr=False)


class NoTurn(Exception):  # noqa: N818 - it names what is missing
    """As many forms with files are being read as there is room for."""


class Turns:
    """At most `most` uploads at a time; a few more wait for a while.

    One that stands still keeps its thread, but no longer its turn.
    """

    def __init__(self, *, most: int, most_beside: int) -> None:
        self._most, self.most_threads = most, most + most_beside
        # When each of those that have a turn went on last, and how many wait.
        self._moved: dict[object, float] = {}
        self._waiting = 0
        self._change = threading.Condition()

    @contextmanager
    def take(self) -> Iterator[Callable[[], None]]:
        """Have a turn for the block, and call what it gives with each step forward. Raises NoTurn."""
        turn = object()
        self._begin(turn)
        try:
            yield lambda: self._note(turn)
        finally:
            with self._change:
                del self._moved[turn]
                self._change.notify()

    def _begin(self, turn: object) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        with self._change:
            if len(self._moved) + self._waiting >= self.most_threads:
                raise NoTurn
            self._waiting += 1
            try:
                while not self._has_room():
                    if time.monotonic() >= until:
                        raise NoTurn
                    self._change.wait(_LOOK_SECONDS)
            finally:
                self._waiting -= 1
            self._moved[turn] = time.monotonic()

    def _has_room(self) -> bool:
        now = time.monotonic()
        return sum(now - moved < STILL_SECONDS for moved in self._moved.values()) < self._most

    def _note(self, turn: object) -> None:
        self._moved[turn] = time.monotonic()


_dropping = threading.BoundedSemaphore(MOST_DROPPED)


def drop_whole(stream: Any, length: int) -> None:
    """Read and drop a body that is not taken.

    Not every sender reads a reply before all is sent, and closing before resets the connection.

    Past `MOST_DROPPED` at a time, and after `DROPPING_SECONDS`, that is what becomes of it.
    """
    if not _dropping.acquire(blocking=False):
        return
    try:
        read_whole(
            stream, length, until=time.monotonic() + DROPPING_SECONDS, go_on=lambda: None, is_wanted=False
        )
    finally:
        _dropping.release()


def read_whole(
    stream: Any, length: int, *, until: float, go_on: Callable[[], None], is_wanted: bool = True
) -> bytes | None:
    """Return `length` bytes, None where the sender stopped or took too long.

    What is unwanted or over `MOST_BYTES` is read and dropped.
    """
    pieces, left, is_kept = [], length, is_wanted and length <= MOST_BYTES
    try:
        while left > 0 and time.monotonic() < until:
            piece = stream.read(min(_PIECE, left))
            if not piece:
                return None
            left -= len(piece)
            go_on()
            if is_kept:
                pieces.append(bytes(piece))
    except OSError:
        return None
    return b"".join(pieces) if left <= 0 else None


def parse(body: bytes, environ: Mapping[str, Any]) -> tuple[dict[str, list[str]], dict[str, list[Upload]]]:
    """Return the fields and files of a body by name, in the order they came.

    Raises ValueError for one that is no form of ours.
    """
    handler = _InMemory()
    meta = {"CONTENT_TYPE": environ.get("CONTENT_TYPE", ""), "CONTENT_LENGTH": str(len(body))}
    try:
        fields, _files = MultiPartParser(meta, io.BytesIO(body), [handler], "utf-8").parse()
    except (MultiPartParserError, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent) as error:
        raise ValueError(str(error)) from error
    if len(handler.found) > MOST_FILES:
        message = "more files than any form has"
        raise ValueError(message)
    uploads: dict[str, list[Upload]] = {}
    for name, upload in handler.found:
        uploads.setdefault(name, []).append(upload)
    return {name: [str(value) for value in values] for name, values in fields.lists()}, uploads


class _InMemory(FileUploadHandler):
    """Keeps files in memory, each up to its limit."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, Upload]] = []
        self._pieces: list[bytes] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._pieces = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, as long as the file is not too large."""
        if start + len(raw_data) <= MOST_FILE_BYTES:
            self._pieces.append(raw_data)
        else:
            self._pieces.clear()

    def file_complete(self, file_size: int) -> None:
        """Note the file; Django's own list of files stays empty."""
        content = b"".join(self._pieces) if file_size <= MOST_FILE_BYTES else b""
        self.found.append((str(self.field_name), Upload(file_size, content)))
