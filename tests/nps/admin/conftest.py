"""Visits to staff pages, in English unless told otherwise."""

import re
from html import unescape

import pytest
from django.urls import reverse


@pytest.fixture
def visit(client):
    """Open an address, or post `data` to it and follow, as a member of staff."""

    def visit(user, url, *args, data=None, language="en"):
        client.force_login(user)
        client.cookies["django_language"] = language
        address = url if url.startswith("/") else reverse(url, args=args)
        return client.get(address) if data is None else client.post(address, data, follow=True)

    return visit


@pytest.fixture
def read(visit):
    """What a page says, without its tags and side menu, as people read it."""

    def read(*arguments, **options):
        page = visit(*arguments, **options)
        text = unescape(page.content.decode())
        start = text.find('class="sheet"')
        return " ".join(re.sub(r"<[^>]+>", " ", text[max(start, 0) :]).split())

    return read


@pytest.fixture
def step():
    """The address of a step."""
    return lambda campaign, name: f"/admin/nps/campaign/{campaign.pk}/{name}/"
