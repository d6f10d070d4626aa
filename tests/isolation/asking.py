"""Asking without paying for the same thing twice: a matrix of tens of thousands of cells is run with every change of the code.

Nothing that decides who may see what is left out: addresses, second factor, views and templates are the product's own, and so are sessions
but for being read once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any
from unittest import mock

from django.contrib import admin
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.test import Client

from feedback_site.accounts.models import User
from feedback_site.accounts.services.staff_backend import StaffBackend
from tests.isolation.sessions import forget_sessions

# They log, count and serve files; none of them puts a row's text into an answer.
_WITHOUT = {
    "config.operations.middleware.CountReplies",
    "config.operations.middleware.RequestLog",
    "axes.middleware.AxesMiddleware",
    "feedback_site.common.history.StaffHistory",
    "whitenoise.middleware.WhiteNoiseMiddleware",
}
_users: dict[int, User] = {}
_app_lists: dict[tuple[Any, ...], dict[str, Any]] = {}
_drawn: dict[tuple[Any, ...], bytes] = {}


class PlainClient(Client):
    """Sends requests through the stack and keeps cookies; Django's own copies the context of every template. A failing view answers 500."""

    def request(self, **request: Any) -> HttpResponseBase:  # type: ignore[override]  # nothing is kept beside the response
        """Ask once."""
        response: HttpResponseBase = self.handler(self._base_environ(**request))
        self.cookies.update(response.cookies)
        return response


class RememberingBackend(StaffBackend):
    """Reads a member of staff and their permissions once for all their requests."""

    def get_user(self, user_id: int) -> User | None:
        """Return a copy, so that no request sees what another put on it."""
        if user_id not in _users:
            user = super().get_user(user_id)
            if user is None:
                return None
            user.get_all_permissions()
            _users[user_id] = user
        return copy(_users[user_id])


class DrawOnce:
    """Does not draw a page again for PUT, PATCH, DELETE or OPTIONS that asked the database what GET asked, for the same template."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Note what the view asks the database."""
        statements: list[tuple[str, str]] = []
        request.statements = statements  # type: ignore[attr-defined]

        def watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's signature
            # Sessions are read by the time of day, which says nothing about the page.
            if "SAVEPOINT" not in str(sql) and "django_session" not in str(sql):
                statements.append((str(sql), repr(params)))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(watch):
            return self.get_response(request)

    def process_template_response(self, request: Any, response: Any) -> Any:
        """Take what was drawn, or draw and keep it."""
        if not isinstance(response, TemplateResponse):
            return response
        key = (request.get_full_path(), request.user.pk, str(response.template_name), tuple(request.statements))
        if request.method in {"GET", "HEAD"}:
            response.add_post_render_callback(lambda drawn: _drawn.__setitem__(key, drawn.content))
        elif request.method != "POST" and key in _drawn:
            response.content = _drawn[key]
        return response


def matrix_settings(settings: Any) -> dict[str, Any]:
    """Return the settings that the matrix changes: no side menu (the same on every page, it names no row), and what is above."""
    return {
        "UNFOLD": {**settings.UNFOLD, "SIDEBAR": {**settings.UNFOLD["SIDEBAR"], "navigation": []}},
        "MIDDLEWARE": [*(name for name in settings.MIDDLEWARE if name not in _WITHOUT), f"{__name__}.DrawOnce"],
        "AUTHENTICATION_BACKENDS": [f"{__name__}.RememberingBackend"],
        "SESSION_ENGINE": "tests.isolation.sessions",
    }


@contextmanager
def remembering_app_lists() -> Iterator[None]:
    """The list of applications on every page depends on its reader only, and costs as much as the page."""
    build = type(admin.site)._build_app_dict

    def remembered(site: Any, request: Any, label: str | None = None) -> dict[str, Any]:
        key = (request.user.pk, label)
        if key not in _app_lists:
            _app_lists[key] = build(site, request, label)
        return {name: {**app, "models": [dict(model) for model in app["models"]]} for name, app in _app_lists[key].items()}

    with mock.patch.object(type(admin.site), "_build_app_dict", remembered):
        yield


def forget() -> None:
    """Begin anew."""
    for kept in (_users, _app_lists, _drawn):
        kept.clear()  # type: ignore[attr-defined]
    forget_sessions()
