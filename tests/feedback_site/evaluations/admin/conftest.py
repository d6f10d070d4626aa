"""Visits to staff pages, in English."""

import pytest
from django.urls import reverse
from django.utils import translation


@pytest.fixture
def visit(client):
    """Open an address, or post `data` to it and follow, as a member of staff."""

    def visit(user, url, *args, data=None):
        client.force_login(user)
        client.cookies["django_language"] = "en"
        with translation.override("en"):
            address = url if url.startswith("/") else reverse(url, args=args)
        return client.get(address) if data is None else client.post(address, data, follow=True)

    return visit
