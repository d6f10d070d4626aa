"""Turns pages into HTTP, and says what went wrong to people whose language nobody knows."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from feedback_site.common.languages import Language
from surveys.services.pages import Page, trouble

RETRY_AFTER_SECONDS = "5"

_TROUBLES = {
    404: (
        "?",
        gettext_noop("This link does not lead anywhere"),
        gettext_noop("Please check that the whole link from our message was opened. It may also have been replaced by a newer one."),
    ),
    405: ("!", gettext_noop("This cannot be done here"), gettext_noop("Please open the link from our message again.")),
    400: ("!", gettext_noop("We could not read this"), gettext_noop("Nothing was stored. Please open the link again and send the form.")),
    413: ("!", gettext_noop("This is too long"), gettext_noop("Nothing was stored. Please shorten your text and send the form again.")),
    415: ("!", gettext_noop("We could not read this"), gettext_noop("Nothing was stored. Please open the link again and send the form.")),
    500: (
        "!",
        gettext_noop("Something went wrong on our side"),
        gettext_noop("Your answers may not have been stored. Please send them again; they count once."),
    ),
    503: (
        "!",
        gettext_noop("We are busy for a moment"),
        gettext_noop("Your answers may not have been stored. Please try again in a few seconds; they count once."),
    ),
}


def reply(request: HttpRequest, page: Page, *, status: int = 200) -> HttpResponse:
    """Send a page, gzipped when it is at hand and accepted."""
    if page.gzipped and "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        response = HttpResponse(page.gzipped, status=status)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(page.plain, status=status)
    response.headers["Vary"] = "Accept-Encoding"
    return response


def reply_trouble(status: int) -> HttpResponse:
    """Send the page for `status` in both languages. 404 is the same for links that never were and links that are no more."""
    response = HttpResponse(_trouble(status).plain, status=status)
    if status in {500, 503}:
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


@cache
def _trouble(status: int) -> Page:
    mark, title, text = _TROUBLES[status]
    parts = []
    for language in (Language.CHINESE.value, Language.ENGLISH.value):
        with translation.override(language):
            parts.append((language, _(title), _(text)))
    return trouble(parts=parts, mark=mark)
