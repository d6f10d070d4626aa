"""The script that customers' forms carry, and the policy that allows it and no other."""

import base64
import hashlib
import re
from functools import cache, lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from feedback_site.common.public_pages import security_policy

DRAWING = "questionnaires/sign.js"


@cache
def page_script(template: str = "questionnaires/page.js") -> SafeString:
    """Return the script that forms carry, or another, such as the one for drawing."""
    text = re.sub(r"/\*.*?\*/", "", render_to_string(template), flags=re.DOTALL)
    return mark_safe(re.sub(r"\s*\n\s*", "\n", text).strip())  # noqa: S308 - our own file


def form_policy(*, has_drawing: bool = False) -> str:
    """Return the Content-Security-Policy of forms.

    That of all customers' pages, with our scripts alone, and sending to ourselves.
    """
    return _with_scripts(security_policy(), has_drawing=has_drawing)


@lru_cache(maxsize=16)
def _with_scripts(policy: str, *, has_drawing: bool) -> str:
    scripts = [page_script(), page_script(DRAWING)] if has_drawing else [page_script()]
    digests = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    )
    return f"{policy}; script-src {digests}; connect-src 'self'"
