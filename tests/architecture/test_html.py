"""HTML is made by views, staff pages, template tags and `pages`; all below them hands over plain values."""

import ast
from pathlib import Path

import pytest

from docs.architecture import ROOT

_BELOW_PAGES = {
    "services",
    "selectors",
    "models",
    "walk",
    "questions",
    "channels",
    "rules",
    "permissions",
    "enums",
}
_MAKES_HTML = (
    "django.template",
    "django.utils.html",
    "django.utils.safestring",
    "django.shortcuts",
    "feedback_site.common.public_pages.pages",
    "feedback_site.common.public_pages.notice",
    "feedback_site.common.public_pages.render",
)
_APPS = [ROOT / "surveys", ROOT / "nps", ROOT / "visits", *(ROOT / "feedback_site").iterdir()]


def imported(source: str) -> set[str]:
    """Return what a module imports, by its whole name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def makes_html(source: str) -> bool:
    return any(
        name == made or name.startswith(f"{made}.") for name in imported(source) for made in _MAKES_HTML
    )


def modules_below_pages() -> list[Path]:
    named = (path for app in _APPS for layer in _BELOW_PAGES for path in (app / f"{layer}.py", app / layer))
    return [module for path in named for module in ([path] if path.is_file() else path.rglob("*.py"))]


def test_nothing_below_the_pages_makes_html():
    modules = modules_below_pages()

    assert len(modules) > 300
    assert [str(path.relative_to(ROOT)) for path in modules if makes_html(path.read_text())] == []


@pytest.mark.parametrize(
    ("source", "makes"),
    [
        ("from django.utils.safestring import mark_safe", True),
        ("from django.template.loader import render_to_string", True),
        ("import django.template.loader", True),
        ("from django.utils import html", True),
        ("from django.utils import translation", False),
        ("from feedback_site.common.public_pages import LANGUAGES_ASKED, render", True),
        ("from feedback_site.common.public_pages import LANGUAGES_ASKED", False),
    ],
)
def test_an_import_of_what_makes_html_is_seen(source, makes):
    assert makes_html(source) is makes
