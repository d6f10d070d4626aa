"""What all pages for customers and the public share: the frame and its style, requests and replies."""

from feedback_site.common.public_pages.branding import Brand, brand, keep_pages, provide_brand
from feedback_site.common.public_pages.choosing import language_of
from feedback_site.common.public_pages.http import Reply, Request, UnreadableForm
from feedback_site.common.public_pages.pages import (
    LANGUAGES_ASKED,
    SWITCHES,
    Page,
    again,
    compress,
    local_time,
    notice,
    page_style,
    render,
    security_policy,
    trouble,
)
from feedback_site.common.public_pages.replies import RETRY_AFTER_SECONDS, reply, reply_again, reply_trouble

__all__ = [
    "LANGUAGES_ASKED",
    "RETRY_AFTER_SECONDS",
    "SWITCHES",
    "Brand",
    "Page",
    "Reply",
    "Request",
    "UnreadableForm",
    "again",
    "brand",
    "compress",
    "keep_pages",
    "language_of",
    "local_time",
    "notice",
    "page_style",
    "provide_brand",
    "render",
    "reply",
    "reply_again",
    "reply_trouble",
    "security_policy",
    "trouble",
]
