"""Lets a test ask what a page was drawn from, and copies no more than that.

For `response.context` Django copies the context of every template: of each
part that a page includes and of each widget, hundreds of times for one form of
the staff pages. The outermost is the page's own, which is what tests ask for.
"""

from collections.abc import Iterator
from contextvars import ContextVar

import pytest
from django.template import Context, Template
from django.test.utils import instrumented_test_render

_is_part: ContextVar[bool] = ContextVar("_is_part", default=False)


@pytest.fixture(scope="session", autouse=True)
def quick_pages(django_test_environment: None) -> Iterator[None]:
    """Tell the test client of whole pages only."""
    patched = pytest.MonkeyPatch()
    patched.setattr(Template, "_render", _draw)
    yield
    patched.undo()


def _draw(template: Template, context: Context) -> str:
    if _is_part.get():
        return template.nodelist.render(context)
    token = _is_part.set(True)
    try:
        return instrumented_test_render(template, context)
    finally:
        _is_part.reset(token)
