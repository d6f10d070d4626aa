"""From where a request came."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "::"


def client_address(request: HttpRequest) -> str:
    """Return the caller's IP address, as `address_in` finds it."""
    return address_in(request.META)


def address_in(environ: Mapping[str, Any]) -> str:
    """Return the caller's IP address from a WSGI environment; `::` where there is none, as behind a unix socket.

    `TRUSTED_PROXIES` proxies each add the address they were called from at the right end of X-Forwarded-For: what stands left of
    theirs was written by the caller and proves nothing.
    """
    found = environ.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES > 0:
        forwarded = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        found = forwarded[-settings.TRUSTED_PROXIES] if len(forwarded) >= settings.TRUSTED_PROXIES else found
    try:
        return str(ipaddress.ip_address(found))
    except ValueError:
        return UNKNOWN
