"""What a browser or a system reads where the site cannot answer.

It is a page in the reader's language, or below `/api/` the API's shape.
"""

from http import HTTPStatus
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from rest_framework import exceptions

from feedback_site.common.languages import Language
from feedback_site.common.public_pages import notice, security_policy


class _Words(NamedTuple):
    mark: str
    title: str
    text: str


_WORDS = {
    HTTPStatus.BAD_REQUEST: _Words(
        "!",
        gettext_noop("We could not read this request"),
        gettext_noop("Please go back, check the address or what you typed, and try again."),
    ),
    HTTPStatus.FORBIDDEN: _Words(
        "!",
        gettext_noop("You may not open this page"),
        gettext_noop(
            "Your account has no permission for it. If you need it for your work, please ask an "
            "administrator."
        ),
    ),
    HTTPStatus.NOT_FOUND: _Words(
        "?",
        gettext_noop("There is no such page"),
        gettext_noop(
            "Please check the address. What it was about may also have been removed, or you have no access "
            "to it."
        ),
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: _Words(
        "!",
        gettext_noop("Something went wrong on our side"),
        gettext_noop(
            "The error has been logged. Please try again in a few minutes, or tell an administrator when it "
            "happened."
        ),
    ),
}
_STALE_FORM = _Words(
    "!",
    gettext_noop("This page is out of date"),
    gettext_noop(
        "You signed in or out in another window, or cookies are blocked. Please go back, reload the page and "
        "send the form again."
    ),
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer what Django itself could not read."""
    return _answer(request, HTTPStatus.BAD_REQUEST, exceptions.ParseError())


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer who may not do this."""
    return _answer(request, HTTPStatus.FORBIDDEN, exceptions.PermissionDenied())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer where no address matched."""
    return _answer(request, HTTPStatus.NOT_FOUND, exceptions.NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer after an error of ours."""
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, exceptions.APIException())


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer a form whose token is not the session's."""
    return _page(request, HTTPStatus.FORBIDDEN, _STALE_FORM)


def _answer(request: HttpRequest, status: HTTPStatus, error: exceptions.APIException) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        return JsonResponse({"message": str(error.detail), "extra": {}}, status=status)
    return _page(request, status, _WORDS[status])


def _page(request: HttpRequest, status: HTTPStatus, words: _Words) -> HttpResponse:
    is_english = (get_language() or "").startswith("en")
    page = notice(
        language=Language.ENGLISH.value if is_english else Language.CHINESE.value,
        languages=[],
        title=_(words.title),
        paragraphs=[_(words.text)],
        mark=words.mark,
        tone="calm",
        foot={"address": _start(request), "text": _("Go to the start page")},
    )
    headers = {"Content-Security-Policy": page.policy or security_policy(), "Cache-Control": "no-store"}
    return HttpResponse(page.plain, status=status, headers=headers)


def _start(request: HttpRequest) -> str:
    """Return where to go on from: staff to their pages, which others need not learn of."""
    return f"/{settings.ADMIN_PATH}" if request.path_info.startswith(f"/{settings.ADMIN_PATH}") else "/"
