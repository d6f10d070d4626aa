"""Renders customers' pages: one frame, one style, a switch between languages.

Their security policy allows nothing else.
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe

from feedback_site.common.colours import palette
from feedback_site.common.languages import HTML_LANGUAGES, Language
from feedback_site.common.public_pages.branding import brand_at_hand

# What `?lang=` may say.
LANGUAGES_ASKED = {
    "zh": Language.CHINESE.value,
    "zh-hans": Language.CHINESE.value,
    "zh-cn": Language.CHINESE.value,
    "en": Language.ENGLISH.value,
}
SWITCHES = {
    Language.CHINESE.value: {"parameter": "zh", "html": "zh-Hans", "name": "中文"},
    Language.ENGLISH.value: {"parameter": "en", "html": "en", "name": "English"},
}

_HOLE = "[hole]"


@dataclass(frozen=True)
class Page:
    """A finished page.

    `gzipped` is empty where it would not be sent twice, `policy` where its style is the common one.
    """

    plain: bytes
    gzipped: bytes = b""
    policy: str = ""


def notice(
    *, language: str, languages: Sequence[str], title: str, paragraphs: Sequence[str], mark: str, **more: Any
) -> Page:
    """Return a page that states one thing.

    Call it with `language` active; `languages` empty means no switch.
    """
    context = {"title": title, "paragraphs": paragraphs, "mark": mark, **more}
    return render("public/notice.html", language=language, languages=languages, context=context)


def trouble(*, parts: Sequence[tuple[str, ...]], mark: str) -> Page:
    """Return a page for a person whose language is unknown.

    `parts` are (language, title, text), the first leads.
    """
    return render("public/trouble.html", language=parts[0][0], languages=(), context=_both(parts, mark))


def again(*, parts: Sequence[tuple[str, ...]], mark: str, has_files: bool = False) -> tuple[bytes, bytes]:
    """Return the two ends of a page whose form sends something again.

    `parts` are (language, title, text, button).

    What is to be sent goes in between: a page for when there is too much to do is not rendered each time.
    """
    context = {**_both(parts, mark), "hole": _HOLE, "has_files": has_files}
    page = render("public/again.html", language=parts[0][0], languages=(), context=context)
    head, _hole, tail = page.plain.partition(_HOLE.encode())
    return head, tail


def _both(parts: Sequence[tuple[str, ...]], mark: str) -> dict[str, Any]:
    shown = [
        {
            "html_language": HTML_LANGUAGES[language],
            **dict(zip(("title", "text", "button"), texts, strict=False)),
        }
        for language, *texts in parts
    ]
    return {"title": shown[0]["title"], "parts": shown, "mark": mark}


def local_time(moment: datetime) -> str:
    """Write a moment in the company's zone and the active language."""
    return date_format(timezone.localtime(moment, brand_at_hand().zone), "DATETIME_FORMAT")


def render(
    template: str,
    *,
    language: str,
    languages: Sequence[str],
    context: Mapping[str, Any],
    more_style: str = "",
) -> Page:
    """Return `template`, which extends `public/base.html`, in `language`.

    `languages` are those it can be switched to.

    `more_style` names a template whose rules follow the common ones.
    """
    other = next((SWITCHES[code] for code in languages if code != language), None)
    frame = {
        "html_language": HTML_LANGUAGES[language],
        "style": page_style(more_style),
        "other_language": other,
        "brand": brand_at_hand().name_in(language),
        "logo": brand_at_hand().logo,
    }
    with translation.override(language):
        html = render_to_string(template, {**frame, **context})
    return Page(html.encode(), policy=security_policy(more_style) if more_style else "")


def compress(page: Page) -> Page:
    """Squeeze a page that holds no words of a customer: blank lines in those would be theirs."""
    plain = re.sub(rb"\n\s*\n+", b"\n", page.plain)
    return Page(plain, gzip.compress(plain, compresslevel=9, mtime=0), page.policy)


def page_style(more: str = "") -> SafeString:
    """Return the style that a page carries, the common one in the company's colour and `more`.

    The security policy allows this text and no other.
    """
    return _style(more, brand_at_hand().colour)


def security_policy(more: str = "") -> str:
    """Return the Content-Security-Policy of customers' pages: no script, no host, no style but ours."""
    return _policy(more, brand_at_hand().colour)


@lru_cache(maxsize=16)
def _style(more: str, colour: str) -> SafeString:
    rules = "".join(render_to_string(name) for name in ("public/page.css", more) if name)
    rules += palette(colour)
    text = re.sub(r"/\*.*?\*/|\s+", " ", rules, flags=re.DOTALL)
    return mark_safe(re.sub(r"\s*([{};,>])\s*", r"\1", text).strip())  # noqa: S308 - our own file


@lru_cache(maxsize=16)
def _policy(more: str, colour: str) -> str:
    digest = base64.b64encode(hashlib.sha256(_style(more, colour).encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
