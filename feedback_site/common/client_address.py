"""From where a request came."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "::"
_IPV6_NETWORK, _IPV6_BYTES = 64, 16
_DEVICE = b"\xfd"


def client_address(request: HttpRequest) -> str:
    """Return the caller's IP address, as `address_in` finds it."""
    return address_in(request.META)


def address_in(environ: Mapping[str, Any]) -> str:
    """Return the caller's IP address from a WSGI environment.

    It is `::` where there is none, as behind a unix socket.

    `TRUSTED_PROXIES` proxies each add the address they were called from at the right end of
    X-Forwarded-For: what stands left of theirs was written by the caller and proves nothing.
    """
    found = environ.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES > 0:
        forwarded = [
            part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
        ]
        found = forwarded[-settings.TRUSTED_PROXIES] if len(forwarded) >= settings.TRUSTED_PROXIES else found
    try:
        known = ipaddress.ip_address(found)
    except ValueError:
        return UNKNOWN
    mapped = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    return str(mapped or known)


def network_of(address: str) -> str:
    """Return the address by which a caller is counted: of IPv6, the first of its /64 network.

    One caller has as many addresses in such a network as it likes.
    """
    known = ipaddress.ip_address(address)
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(ipaddress.ip_network(f"{address}/{_IPV6_NETWORK}", strict=False).network_address)


def device_address(digest: bytes) -> str:
    """Return the address that stands for a device: of IPv6, private, and of no network.

    It ends in more than zeros.
    """
    return str(ipaddress.IPv6Address(_DEVICE + digest[:14] + (digest[14] | 1).to_bytes()))


def is_device(address: str) -> bool:
    """Whether an address, as it is counted by, stands for a device; networks of IPv6 end in zeros."""
    packed = ipaddress.ip_address(address).packed
    return len(packed) == _IPV6_BYTES and packed[:1] == _DEVICE and packed[-1] != 0
