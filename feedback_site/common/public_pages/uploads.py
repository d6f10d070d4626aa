"""Forms with files: read within bounds, and never more of them at a time than a process has room for.

They are read in memory: what passes is sealed, and a disk would keep what was not. Every other form takes the road of `http`.
"""

import io
import threading
import time
from collections.abc import Iterator, Mapping
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
# For pictures to be drawn anew and stored, once all is read.
WORKING_SECONDS = 12.0
_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived: how large it is, and what it holds (nothing where it is too large to be kept). Its name is not looked at."""

    size: int
    content: bytes = field(default=b"", repr=False)


class NoTurn(Exception):  # noqa: N818 - it names what is missing
    """As many forms with files are being read as there is room for."""


class Turns:
    """At most `most` uploads at a time. One that has not arrived after its time keeps its thread, and no longer keeps others waiting."""

    def __init__(self, *, most: int, most_stuck: int) -> None:
        self._most, self._most_held = most, most + most_stuck
        self._begun: dict[object, float] = {}
        self._lock = threading.Lock()

    @contextmanager
    def take(self) -> Iterator[None]:
        """Have a turn for the block. Raises NoTurn."""
        turn, now = object(), time.monotonic()
        with self._lock:
            at_work = sum(now - begun < UPLOAD_SECONDS + WORKING_SECONDS for begun in self._begun.values())
            if at_work >= self._most or len(self._begun) >= self._most_held:
                raise NoTurn
            self._begun[turn] = now
        try:
            yield
        finally:
            with self._lock:
                del self._begun[turn]


def read_whole(stream: Any, length: int, *, until: float) -> bytes | None:
    """Return `length` bytes, None where the sender stopped or took too long. What is over `MOST_BYTES` is read and dropped."""
    pieces, left, is_kept = [], length, length <= MOST_BYTES
    try:
        while left > 0 and time.monotonic() < until:
            piece = stream.read(min(_PIECE, left))
            if not piece:
                return None
            left -= len(piece)
            if is_kept:
                pieces.append(bytes(piece))
    except OSError:
        return None
    return b"".join(pieces) if left <= 0 else None


def parse(body: bytes, environ: Mapping[str, Any]) -> tuple[dict[str, list[str]], dict[str, list[Upload]]]:
    """Return the fields and files of a body by name, in the order they came. Raises ValueError for one that is no form of ours."""
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
