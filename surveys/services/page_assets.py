"""The script that customers' forms carry, and the policy that allows it and no other."""

import base64
import hashlib
import re
from functools import cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from feedback_site.common.public_pages import security_policy


@cache
def page_script() -> SafeString:
    """Return the script that forms carry."""
    text = re.sub(r"/\*.*?\*/", "", render_to_string("surveys/page.js"), flags=re.DOTALL)
    return mark_safe(re.sub(r"\s*\n\s*", "\n", text).strip())  # noqa: S308 - our own file


@cache
def form_policy() -> str:
    """Return the Content-Security-Policy of forms: that of all customers' pages, the one script, and sending to ourselves."""
    digest = base64.b64encode(hashlib.sha256(page_script().encode()).digest()).decode()
    return f"{security_policy()}; script-src 'sha256-{digest}'; connect-src 'self'"
