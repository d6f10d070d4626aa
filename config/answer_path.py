"""The road of customers' requests: as short as it can be, and it ends in a page whatever happens and within the deadline.

Nothing else of the site runs for customers' addresses (no session, no CSRF check, no login). That is safe because the token in the address
is the only authority there is and a form sent twice counts once. Under a web server `serve` is the road, before Django's own handler;
elsewhere (tests, the development server) the same road begins at `AnswerPath`, the first in MIDDLEWARE.
"""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPMethod
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.wsgi import WSGIRequest
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve

from config.operations.counters import count_reply
from config.places import CONNECT_SECONDS, DEADLINE_SECONDS, NoPlace, Places
from surveys.services.pages import security_policy
from surveys.views.questionnaire import UNTIL
from surveys.views.replies import reply_again, reply_trouble

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PREFIXES = ("/r/",)
URLCONF = "config.public_urls"
METHODS = (HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.POST)

logger = structlog.get_logger(__name__)


class AnswerPath:
    """Serves customers' addresses itself and passes on all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or pass it on."""
        if not request.path_info.startswith(PREFIXES):
            return self.get_response(request)
        return _finish(request, _answer(request, until=time.monotonic() + DEADLINE_SECONDS))


def serve(environ: "WSGIEnvironment", start_response: "StartResponse", *, places: Places) -> Iterable[bytes]:
    """Serve a customer's request in one of `places`, or say at once that there is none."""
    until = time.monotonic() + DEADLINE_SECONDS
    request = WSGIRequest(environ)
    try:
        with suppress(RequestDataTooBig):
            request.body  # noqa: B018 - read before a place is taken: a body that trickles in holds a thread, but no place
        with places.take(until=until):
            response = _answer(request, until=until)
    except NoPlace:
        response = reply_again(request, 503)
    except OSError:
        response = reply_trouble(400)
    _finish(request, response)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]


def _answer(request: HttpRequest, *, until: float) -> HttpResponse:
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        return HttpResponse(status=308, headers={"Location": settings.PUBLIC_BASE_URL + request.get_full_path()})
    if request.method not in METHODS:
        response = reply_trouble(405)
        response.headers["Allow"] = ", ".join(METHODS)
        return response
    try:
        match = resolve(request.path_info, URLCONF)
    except Resolver404:
        return reply_trouble(404)
    request.META[UNTIL] = until
    try:
        return _call(match, request, until=until)
    except (OperationalError, InterfaceError) as error:
        _log("answer_path_without_database", error)
        connection.close()
        return reply_again(request, 503)
    except Exception as error:  # noqa: BLE001 - the edge: a customer gets a page, operators get the place
        _log("answer_path_failed", error)
        return reply_again(request, 500)


def _call(match: ResolverMatch, request: HttpRequest, *, until: float) -> HttpResponse:
    """Call the view, and once more on a new connection when the old one was lost: what a view writes counts once."""
    view: Callable[..., HttpResponse] = match.func
    try:
        return view(request, **match.kwargs)
    except (OperationalError, InterfaceError) as error:
        is_lost = connection.connection is None or connection.connection.closed
        if not is_lost or time.monotonic() + CONNECT_SECONDS > until:
            raise
        _log("answer_path_reconnects", error)
        connection.close()
        return view(request, **match.kwargs)


def _finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    headers: dict[str, Any] = response.headers  # type: ignore[assignment] # a mapping in all but name
    headers["Content-Length"] = str(len(response.content))
    headers["Content-Security-Policy"] = security_policy()
    headers["Referrer-Policy"] = "same-origin"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Robots-Tag"] = "noindex, nofollow"
    headers["Cache-Control"] = "no-store"
    if settings.SECURE_HSTS_SECONDS and request.is_secure():
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    if request.method == HTTPMethod.HEAD:
        response.content = b""
    # Django would log each 404, 409 and 422 by its address, which holds the token.
    response._has_been_logged = True  # type: ignore[attr-defined] # noqa: SLF001 - Django's own mark for that
    count_reply("answer", request, response)
    return response


def _log(event: str, error: Exception) -> None:
    """Log the kind and the place; messages of errors may quote what a customer wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    logger.error(event, error=type(error).__name__, place=place)
