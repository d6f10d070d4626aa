"""Customers' addresses, served by `config.answer_path` before any other middleware runs."""

import re
from collections.abc import Callable

from django.urls import URLPattern, re_path

from feedback_site.common.public_pages.http import Reply, Request
from feedback_site.voice.views import standing, voice
from surveys.services.links.looking_up import TOKEN_PATTERN
from surveys.views import on_site, open_form, preferences, questionnaire, trap, unsubscribe


def add_slash(request: Request, **_parts: str) -> Reply:
    """Lead an address whose last slash was lost on the way to the page.

    The method stays, so no answer that was typed is lost.
    """
    path, question_mark, query = request.address.partition("?")
    return Reply(308, headers=(("Location", f"{path}/{question_mark}{query}"),))


def drop_rest(request: Request, **_parts: str) -> Reply:
    """Lead an address to the page although something follows it.

    That is a full stop, a bracket, or the next words of the message around the link.
    """
    kept = _BEFORE_REST.match(request.path)
    assert kept is not None  # noqa: S101 - the route has matched
    _path, question_mark, query = request.address.partition("?")
    return Reply(
        308,
        headers=(("Location", f"{request.environ.get('SCRIPT_NAME', '')}{kept[0]}/{question_mark}{query}"),),
    )


def _at(address: str, view: Callable[..., Reply], *, name: str | None = None) -> URLPattern:
    return re_path(address, view, name=name)  # type: ignore[arg-type] # lean requests and replies: Django's own resolver never calls it


# What no address of ours goes on with.
_REST = r"/?[^0-9A-Za-z_/-][\s\S]*"
_BEFORE_REST = re.compile(rf"(?:/[0-9A-Za-z_-]+)+(?={_REST}\Z)")

urlpatterns = [
    _at(rf"^r/(?P<token>{TOKEN_PATTERN})/\Z", questionnaire, name="questionnaire"),
    _at(rf"^r/(?P<token>{TOKEN_PATTERN})/unsubscribe/\Z", unsubscribe, name="unsubscribe"),
    _at(rf"^r/(?P<token>{TOKEN_PATTERN})/preferences/\Z", preferences, name="preferences"),
    _at(rf"^r/(?P<token>{TOKEN_PATTERN})/more/\Z", trap, name="trap"),
    _at(rf"^r/(?P<token>{TOKEN_PATTERN})/on-site/\Z", on_site, name="on-site"),
    _at(rf"^r/(?P<token>{TOKEN_PATTERN})(/unsubscribe|/preferences|/more|/on-site)?\Z", add_slash),
    _at(rf"^r/(?P<token>{TOKEN_PATTERN})(/unsubscribe|/preferences|/more|/on-site)?{_REST}\Z", drop_rest),
    _at(r"^s/(?P<code>[0-9A-Za-z]{8})/\Z", open_form, name="open-form"),
    _at(r"^s/[0-9A-Za-z]{8}\Z", add_slash),
    _at(rf"^s/[0-9A-Za-z]{{8}}{_REST}\Z", drop_rest),
    _at(r"^voice/\Z", voice, name="voice"),
    _at(r"^voice/(?P<reference>[^/]{1,160})/\Z", standing, name="voice-standing"),
    _at(r"^voice(/[0-9A-Za-z-]{1,40})?\Z", add_slash),
    _at(rf"^voice(/[0-9A-Za-z-]{{1,40}})?{_REST}\Z", drop_rest),
]
_routes: list[tuple[re.Pattern[str], Callable[..., Reply]]] = [
    (pattern.pattern.regex, pattern.callback) for pattern in urlpatterns
]


def find_view(path: str) -> tuple[Callable[..., Reply], dict[str, str]] | None:
    """Return the view at `path` and the named parts of it, None when there is none.

    It is Django's resolver without what it wraps them in.
    """
    for pattern, view in _routes:
        match = pattern.search(path[1:])
        if match:
            return view, match.groupdict()
    return None
