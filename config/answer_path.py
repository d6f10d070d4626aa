"""The road of customers' requests: as short as it can be, and it ends in a page whatever happens.

First in MIDDLEWARE: for customers' addresses nothing behind it runs (no session, no CSRF check, no login). That is safe because the
token in the address is the only authority there is and a form sent twice counts once.
"""

from collections.abc import Callable
from http import HTTPMethod
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve

from config.operations.counters import count_reply
from surveys.services.pages import security_policy
from surveys.views.replies import reply_trouble

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
        response = _finish(request, _answer(request))
        count_reply("answer", request, response)
        return response


def _answer(request: HttpRequest) -> HttpResponse:
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
    try:
        return _call(match, request)
    except (OperationalError, InterfaceError) as error:
        _log("answer_path_without_database", error)
        connection.close()
        return reply_trouble(503)
    except Exception as error:  # noqa: BLE001 - the edge: a customer gets a page, operators get the place
        _log("answer_path_failed", error)
        return reply_trouble(500)


def _call(match: ResolverMatch, request: HttpRequest) -> HttpResponse:
    """Call the view, and once more on a new connection when the old one was lost: what a view writes counts once."""
    view: Callable[..., HttpResponse] = match.func
    try:
        return view(request, **match.kwargs)
    except (OperationalError, InterfaceError) as error:
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
    return response


def _log(event: str, error: Exception) -> None:
    """Log the kind and the place; messages of errors may quote what a customer wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    logger.error(event, error=type(error).__name__, place=place)
