"""The handling of customers' requests: as short as it can be, and always a page within the deadline.

Nothing else of the site runs for customers' addresses (no session, no CSRF check, no login). That is
safe because the token in the address is the only authority there is (`/voice/` and `/s/` need none) and
a form sent twice counts once. Under a web server `serve` handles them, before Django's own handler;
elsewhere (tests, the development server) `AnswerPath` does, the first in MIDDLEWARE.
"""

import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from http import HTTPMethod
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse

from config.public_urls import find_view
from feedback_site.common.public_pages import brand, reply_again, reply_trouble, security_policy
from feedback_site.common.public_pages.http import STATUS_LINES, Reply, Request, UnreadableForm
from feedback_site.common.public_pages.uploads import NoTurn, Turns
from feedback_site.operations.bodies import NoReader, Readers, stated_length
from feedback_site.operations.counters import count_reply
from feedback_site.operations.slots import CONNECT_SECONDS, DEADLINE_SECONDS, NoSlot, Slots

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PREFIXES = ("/r/", "/s/", "/voice")
# Where forms may have files.
_WITH_FILES = ("/r/",)
METHODS = (HTTPMethod.GET.value, HTTPMethod.HEAD.value, HTTPMethod.POST.value)
_ALLOWED = (("Allow", ", ".join(METHODS)),)

# Threads of one process that may read a form without files at a time.
readers = Readers(most=100)
# Forms with files in one process: as many as its memory holds (some 25 MB
# each). Beside them threads that wait, or that are lost to senders who stopped.
_uploads = Turns(most=6, most_beside=18)

logger = structlog.get_logger(__name__)


class AnswerPath:
    """Serves customers' addresses itself and passes on all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or pass it on."""
        if not request.path_info.startswith(PREFIXES):
            return self.get_response(request)
        asked = Request(request.META, until=time.monotonic() + DEADLINE_SECONDS)
        status, headers, body = _finish(asked, _answer(asked))
        response = HttpResponse(body, status=status, headers=dict(headers))
        # Django would log each 404, 409 and 422 by its address, which holds the token.
        response._has_been_logged = True  # type: ignore[attr-defined] # noqa: SLF001 - Django's own mark for that
        return response


def serve(environ: "WSGIEnvironment", start_response: "StartResponse", *, slots: Slots) -> Iterable[bytes]:
    """Serve a customer's request in one of `slots`, or say at once that there is none."""
    request = Request(environ, until=time.monotonic() + DEADLINE_SECONDS)
    try:
        if request.is_upload:
            reply = (
                _serve_upload(request, slots) if request.path.startswith(_WITH_FILES) else reply_trouble(415)
            )
        else:
            if stated_length(environ) > 0:
                with readers:
                    # Before a slot is taken: a body that trickles in holds a thread, but no slot.
                    request.read_body()
            with slots.take(until=request.until):
                reply = _answer(request)
    except NoSlot:
        reply = reply_again(request, 503)
    except NoReader:
        reply = reply_trouble(503)
    except NoTurn:
        request.drop_upload()
        reply = reply_trouble(503)
    except UnreadableForm as error:
        reply = reply_trouble(error.status)
    status, headers, body = _finish(request, reply)
    start_response(STATUS_LINES[status], headers)
    return [body]


def _serve_upload(request: Request, slots: Slots) -> Reply:
    """Read a form with files, if not too many are read already, and answer it."""
    with _uploads.take() as go_on:
        request.read_upload(go_on=go_on)
        with slots.take(until=request.until):
            return _answer(request)


def _answer(request: Request) -> Reply:
    if settings.SECURE_SSL_REDIRECT and not request.is_secure:
        return Reply(308, headers=(("Location", settings.PUBLIC_BASE_URL + request.address),))
    if request.method not in METHODS:
        return Reply(405, reply_trouble(405).body, _ALLOWED)
    found = find_view(request.path)
    if found is None:
        return reply_trouble(404)
    view, parts = found
    try:
        return _call(_headed(view), parts, request)
    except (OperationalError, InterfaceError) as error:
        _log("answer_path_without_database", error)
        connection.close()
        return reply_again(request, 503)
    except Exception as error:  # noqa: BLE001 - the edge: a customer gets a page, operators get the line
        _log("answer_path_failed", error)
        return reply_again(request, 500)


def _headed(view: Callable[..., Reply]) -> Callable[..., Reply]:
    """Let a view show the company's name as it is now; it is read once in ten seconds, not per request."""

    def headed(request: Request, **parts: str) -> Reply:
        brand()
        return view(request, **parts)

    return headed


def _call(view: Callable[..., Reply], parts: dict[str, str], request: Request) -> Reply:
    """Call the view, and once more on a new connection when the old one was lost.

    What a view writes counts once.
    """
    try:
        return view(request, **parts)
    except (OperationalError, InterfaceError) as error:
        is_lost = connection.connection is None or connection.connection.closed
        if not is_lost or time.monotonic() + CONNECT_SECONDS > request.until:
            raise
        _log("answer_path_reconnects", error)
        connection.close()
        return view(request, **parts)


def _finish(request: Request, reply: Reply) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return the status, all headers and the body as they are to be sent."""
    headers = [
        *reply.headers,
        ("Content-Length", str(len(reply.body))),
        *_fixed_headers(_strict_transport(request), reply.policy or security_policy()),
    ]
    count_reply("answer", request.method, reply.status)
    return reply.status, headers, b"" if request.method == "HEAD" else reply.body


def _strict_transport(request: Request) -> int:
    return settings.SECURE_HSTS_SECONDS if settings.SECURE_HSTS_SECONDS and request.is_secure else 0


@lru_cache(maxsize=8)
def _fixed_headers(strict_transport_seconds: int, policy: str) -> tuple[tuple[str, str], ...]:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
        "Cache-Control": "no-store",
    }
    if strict_transport_seconds:
        headers["Strict-Transport-Security"] = f"max-age={strict_transport_seconds}"
    return tuple(headers.items())


def _log(event: str, error: Exception) -> None:
    """Log the kind and the line; messages of errors may quote what a customer wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    logger.error(event, error=type(error).__name__, place=place)
