"""Who may read `/metrics`: callers of this machine, of private networks, and with the token."""

import ipaddress
import secrets

from django.conf import settings
from django.http import HttpRequest

from feedback_site.common.client_address import client_address

_NEAR = [
    ipaddress.ip_network(network)
    for network in ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
]
# Proxies say for whom they call, in one of these.
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")


def may_read_metrics(request: HttpRequest) -> bool:
    """Tell whether the caller brings the token or comes from near."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and scheme.lower() == "bearer":
        return secrets.compare_digest(given.strip().encode(), settings.METRICS_TOKEN.encode())
    return _comes_from_near(request)


def _comes_from_near(request: HttpRequest) -> bool:
    """Tell by the address. Behind proxies whose number is not stated it is theirs and proves nothing."""
    if settings.TRUSTED_PROXIES == 0 and any(header in request.headers for header in _FORWARDED):
        return False
    address = ipaddress.ip_address(client_address(request))
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in _NEAR)
