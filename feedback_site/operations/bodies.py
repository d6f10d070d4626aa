"""Bodies of requests: read before a request gets a connection, by so many threads at a time.

A body that finds none of them free is refused unread.

A sender that stops half-way keeps the thread that reads from it, and nothing else: no slot, no
connection to the database. How long a body may take, at which rate it has to come and how many one
address may send at a time is for the proxy in front (`deploy/nginx.conf`): a WSGI application cannot
give up on a body that does not come. One that comes, but slowly, it gives up after `MOST_SECONDS`.
"""

import io
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import IO, TYPE_CHECKING

from feedback_site.common.uploads import MOST_BYTES
from feedback_site.service_events.services import may_be_signed

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

API, _WEBHOOKS = "/api/", "/api/v1/webhooks/"
# What operators ask has no body.
OPERATORS = ("/health/", "/metrics")
# A list of a thousand events fits; what is larger goes through a file that has no name.
_IN_MEMORY = 1_000_000
_PIECE = 64 * 1024
# The largest file at 1.6 Mbit/s, a bad connection of a phone.
MOST_SECONDS = 180.0


class NoReader(Exception):  # noqa: N818 - it names what is missing
    """As many bodies are being read as there are threads for."""


class BrokenBody(Exception):  # noqa: N818 - it names what arrived
    """The sender stopped half-way, or took too long."""


class Readers:
    """At most so many threads that read a body.

    None of them waits: a body that is here already takes no time to read.
    """

    def __init__(self, *, most: int) -> None:
        self.most = most
        self._free = threading.BoundedSemaphore(most)

    def __enter__(self) -> None:
        if not self._free.acquire(blocking=False):
            raise NoReader

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._free.release()


@contextmanager
def read_first(
    environ: "WSGIEnvironment", readers: Readers, *, most_seconds: float = MOST_SECONDS
) -> Iterator[None]:
    """Give a request the body that was read instead of one still to come, for the block.

    Raises NoReader and BrokenBody.

    What will be refused by its headers alone is left unread: the application finds it empty.
    """
    length = stated_length(environ)
    if length <= 0:
        yield
    elif length > MOST_BYTES or not _is_worth_reading(environ):
        environ["wsgi.input"] = io.BytesIO()
        yield
    else:
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as kept:
            with readers:
                _copy(environ["wsgi.input"], kept, length, until=time.monotonic() + most_seconds)
            kept.seek(0)
            environ["wsgi.input"] = kept
            yield


def stated_length(environ: "WSGIEnvironment") -> int:
    """Return how long the sender says that the body is.

    0 where it says nothing or no number: nothing of the body is read then.
    """
    with suppress(ValueError):
        return int(environ.get("CONTENT_LENGTH") or 0)
    return 0


def _is_worth_reading(environ: "WSGIEnvironment") -> bool:
    path = environ["PATH_INFO"]
    if path.startswith(_WEBHOOKS):
        signed = (str(environ.get(f"HTTP_WEBHOOK_{name}", "")) for name in ("ID", "TIMESTAMP", "SIGNATURE"))
        return may_be_signed(*signed, now=time.time())
    if path.startswith(OPERATORS):
        return False
    return not path.startswith(API) or bool(environ.get("HTTP_AUTHORIZATION"))


def _copy(stream: IO[bytes], kept: IO[bytes], length: int, *, until: float) -> None:
    left = length
    try:
        while left > 0:
            piece = stream.read(min(_PIECE, left))
            if not piece:
                raise BrokenBody
            kept.write(piece)
            left -= len(piece)
            if left > 0 and time.monotonic() > until:
                raise BrokenBody
    except OSError as error:
        raise BrokenBody from error
