"""A headless browser, and pages that the site serves within a test's own transaction."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context

import pytest
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright

SITE = "http://testserver"


@contextmanager
def launched_browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, which
    # Django takes for code that must not wait for a database.
    patched = pytest.MonkeyPatch()
    patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        # Beside that loop Django keeps connections of their own, which would outlive their database.
        connections.close_all()
        browser.close()
    patched.undo()


def serve(page: Page, client: Client) -> Page:
    """Let the site answer within this test's transaction, without a server."""

    # Playwright calls back in a context of its own, in which Django would open another connection.
    here = copy_context()

    def answer(route: Route) -> None:
        asked = route.request
        address = asked.url.removeprefix(SITE)
        kind = asked.headers.get("content-type", "")
        reply = here.copy().run(
            lambda: client.generic(asked.method, address, asked.post_data or "", content_type=kind)
        )
        route.fulfill(status=reply.status_code, headers=dict(reply.headers), body=reply.content)

    page.set_default_timeout(5000)
    page.route(f"{SITE}/**", answer)
    return page
