"""Asking without paying for the same thing twice.

A matrix of tens of thousands of cells is run with every change of the code.

Nothing that decides who may see what is left out: addresses, second factor, views
and templates are the product's own, and so are sessions but for being read once.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from typing import Any
from unittest import mock

from django.contrib import admin
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.test import Client
from django.utils.translation import get_language

from feedback_site.accounts.models import User
from feedback_site.accounts.services.staff_backend import StaffBackend
from tests.isolation.sessions import forget_sessions

# They log, count and serve files; none of them puts a row's text into an answer.
_WITHOUT = {
    "feedback_site.operations.middleware.CountReplies",
    "feedback_site.operations.middleware.RequestLog",
    "axes.middleware.AxesMiddleware",
    "feedback_site.common.history.StaffHistory",
    "whitenoise.middleware.WhiteNoiseMiddleware",
}
# What surely writes nothing: a question that calls no function of PostgreSQL's own and holds no row.
_READS = re.compile(
    r"SELECT (?!.*(?:\b(?:set_config|nextval|pg_\w+)\(|\bFOR (?:NO KEY )?(?:UPDATE|SHARE)))",
    re.IGNORECASE | re.DOTALL,
)
_users: dict[int, User] = {}
_app_lists: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
_drawn: dict[tuple[Any, ...], bytes] = {}


class PlainClient(Client):
    """Sends requests through the stack and keeps cookies; Django's own copies the context of every template.

    A failing view answers 500.
    """

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
    """Draws a page once, not again for PUT, PATCH, DELETE or OPTIONS.

    As long as these asked the database what GET asked, for the same template.
    """

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
        key = (
            request.get_full_path(),
            request.user.pk,
            str(response.template_name),
            tuple(request.statements),
        )
        if request.method in {"GET", "HEAD"}:
            response.add_post_render_callback(lambda drawn: _drawn.__setitem__(key, drawn.content))
        elif request.method != "POST" and key in _drawn:
            response.content = _drawn[key]
        return response


def matrix_settings(settings: Any) -> dict[str, Any]:
    """Return the settings that the matrix changes.

    No side menu (the same on every page, it names no row), and what is above.
    """
    return {
        "UNFOLD": {**settings.UNFOLD, "SIDEBAR": {**settings.UNFOLD["SIDEBAR"], "navigation": []}},
        "MIDDLEWARE": [
            *(name for name in settings.MIDDLEWARE if name not in _WITHOUT),
            f"{__name__}.DrawOnce",
        ],
        "AUTHENTICATION_BACKENDS": [f"{__name__}.RememberingBackend"],
        "SESSION_ENGINE": "tests.isolation.sessions",
    }


@contextmanager
def remembering_app_lists() -> Iterator[None]:
    """Remember the list of applications that is on every page.

    It depends on the page's reader and their language only, and costs as much as the page.
    """
    listed = type(admin.site).get_app_list

    def remembered(site: Any, request: Any, app_label: str | None = None) -> list[dict[str, Any]]:
        key = (request.user.pk, app_label, get_language())
        if key not in _app_lists:
            _app_lists[key] = listed(site, request, app_label)
        return [{**app, "models": [dict(model) for model in app["models"]]} for app in _app_lists[key]]

    with mock.patch.object(type(admin.site), "get_app_list", remembered):
        yield


@dataclass
class Undoing:
    """Undoes requests.

    Most write nothing and cost no statement; savepoints for each would be most of what the database is told.
    """

    savepoint: str | None = None
    is_written: bool = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note for the block whether anything may have been written, by a request or by the test itself."""
        with connection.execute_wrapper(self._watch):
            yield
        self.savepoint = None

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Leave the database as it was before the block."""
        if self.savepoint is None or self.is_written:
            self.savepoint = connection.savepoint()
        self.is_written, promised = False, len(connection.run_on_commit)
        yield
        if self.is_written or connection.needs_rollback:
            connection.needs_rollback = False
            connection.savepoint_rollback(self.savepoint)
        del connection.run_on_commit[promised:]
        self.is_written = False

    def _watch(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's signature
        # Also a savepoint of the test's own, or its end: ours may lie within.
        self.is_written = self.is_written or not _READS.match(str(sql))
        try:
            return execute(sql, params, many, context)
        except DatabaseError:
            self.is_written = True  # nothing more is answered until it is undone
            raise


undoing = Undoing()


def forget() -> None:
    """Begin again."""
    for kept in (_users, _app_lists, _drawn):
        kept.clear()  # type: ignore[attr-defined]
    forget_sessions()
