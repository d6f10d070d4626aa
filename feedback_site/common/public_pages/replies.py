"""Turns pages into HTTP, and says what went wrong to people whose language is not known."""

from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from feedback_site.common.languages import Language
from feedback_site.common.public_pages.branding import brand_at_hand, keep_pages
from feedback_site.common.public_pages.http import Reply, Request, UnreadableForm
from feedback_site.common.public_pages.pages import Page, again, trouble

RETRY_AFTER_SECONDS = "5"
_RETRY = (("Retry-After", RETRY_AFTER_SECONDS),)
_PLAIN = (("Vary", "Accept-Encoding"),)
_GZIPPED = (*_PLAIN, ("Content-Encoding", "gzip"))

_TROUBLES = {
    404: (
        "?",
        gettext_noop("This link does not lead anywhere"),
        gettext_noop(
            "Please check that you opened the complete link. If we sent you a newer link, please use that "
            "one."
        ),
    ),
    405: (
        "!",
        gettext_noop("This cannot be done here"),
        gettext_noop("Please open the link in our text message or email again."),
    ),
    400: (
        "!",
        gettext_noop("We could not read this"),
        gettext_noop("Nothing was stored. Please open the link again and send the form."),
    ),
    413: (
        "!",
        gettext_noop("This is too long"),
        gettext_noop(
            "Nothing was stored. Please shorten your text, or choose smaller files, and send the form again."
        ),
    ),
    415: (
        "!",
        gettext_noop("We could not read this"),
        gettext_noop("Nothing was stored. Please open the link again and send the form."),
    ),
    500: (
        "!",
        gettext_noop("Something went wrong on our side"),
        gettext_noop(
            "Your answers may not have been saved. Please send them again; they will be counted only once."
        ),
    ),
    503: (
        "!",
        gettext_noop("We are busy for a moment"),
        gettext_noop(
            "Your answers may not have been saved. Please try again in a few seconds; they will be counted "
            "only once."
        ),
    ),
}
_KEPT = gettext_noop(
    "We may not have saved what you sent, but it is still on this page. Please wait a few seconds and press "
    "the "
    "button; it will be counted only once."
)
_TRY_AGAIN = gettext_noop("Try again")
_CHOOSE_AGAIN = gettext_noop("A photo or file is not kept in this page. Please choose it again here:")


def reply(request: Request, page: Page, *, status: int = 200) -> Reply:
    """Send a page, gzipped when it is at hand and accepted."""
    if page.gzipped and "gzip" in request.header("ACCEPT_ENCODING"):
        return Reply(status, page.gzipped, _GZIPPED, page.policy)
    return Reply(status, page.plain, _PLAIN, page.policy)


def reply_trouble(status: int) -> Reply:
    """Send the page for `status` in both languages.

    404 is the same for links that never were and links that are no more.
    """
    return Reply(status, _trouble(status).plain, _RETRY if status in {500, 503} else ())


def reply_again(request: Request, status: int) -> Reply:
    """Send the page for a failure of ours: it keeps what was sent, and one button sends it again.

    It needs no database.
    """
    if request.method != "POST":
        return reply_trouble(status)
    try:
        form = request.read_form()
    except UnreadableForm:
        return reply_trouble(status)
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, values in form.fields.items()
        for value in values
    )
    chosen = "".join(_choose_again(name) for name in form.files)
    head, tail = _again(status, has_files=bool(chosen))
    return Reply(status, head + (kept + chosen).encode() + tail, _RETRY)


def _choose_again(name: str) -> str:
    """Return a field for a file that was sent: a page cannot carry it."""
    words = "<br>".join(escape(text) for _language, text in _in_both_languages(_CHOOSE_AGAIN))
    return f'<label class="part">{words}<input type="file" class="field" name="{escape(name)}"></label>'


@keep_pages(64, read=brand_at_hand)
def _trouble(status: int) -> Page:
    mark, title, text = _TROUBLES[status]
    return trouble(parts=_in_both_languages(title, text), mark=mark)


@keep_pages(64, read=brand_at_hand)
def _again(status: int, *, has_files: bool) -> tuple[bytes, bytes]:
    mark, title, _text = _TROUBLES[status]
    return again(parts=_in_both_languages(title, _KEPT, _TRY_AGAIN), mark=mark, has_files=has_files)


def _in_both_languages(*texts: str) -> list[tuple[str, ...]]:
    parts = []
    for language in (Language.CHINESE.value, Language.ENGLISH.value):
        with translation.override(language):
            parts.append((language, *map(_, texts)))
    return parts
