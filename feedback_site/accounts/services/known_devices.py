"""Devices that have signed in with a name before.

They stay open while strangers' wrong passwords keep the name closed for all other devices.

A device carries a signed cookie with a number of its own and a mark
for each name it has signed in with; the mark dies with the password.
"""

import hashlib
import hmac
import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from feedback_site.accounts.models import User
from feedback_site.common.client_address import device_address

_SALT = "accounts.known_device"
_VALID_SECONDS = 180 * 24 * 60 * 60
_MOST_NAMES = 8
_ID_BYTES, _MARK_DIGITS = 15, 24


def counted_address(request: HttpRequest) -> str | None:
    """Return the address that a known device's wrong passwords are counted by; None for all other devices."""
    content = _read(request)
    typed = str(request.POST.get("username") or "")
    user = User.objects.filter(username=typed, is_active=True).first() if content["names"] and typed else None
    if user is None or not hmac.compare_digest(str(content["names"].get(str(user.pk), "")), _mark(user)):
        return None
    digest = hashlib.sha256(f"{_SALT}|{content['device']}".encode()).digest()[:_ID_BYTES]
    return device_address(digest)


def remember_device(request: HttpRequest, response: HttpResponse, *, user: User) -> None:
    """Remember that this device has signed in with the right password for this name."""
    content = _read(request)
    names = {
        **{key: mark for key, mark in content["names"].items() if key != str(user.pk)},
        str(user.pk): _mark(user),
    }
    kept = dict(list(names.items())[-_MOST_NAMES:])
    response.set_cookie(
        settings.STAFF_DEVICE_COOKIE_NAME,
        signing.dumps(
            {"device": content["device"] or secrets.token_hex(_ID_BYTES), "names": kept}, salt=_SALT
        ),
        max_age=_VALID_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    nothing: dict[str, Any] = {"device": "", "names": {}}
    try:
        content = signing.loads(
            request.COOKIES.get(settings.STAFF_DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=_VALID_SECONDS
        )
    except signing.BadSignature:
        return nothing
    return content if isinstance(content, dict) else nothing


def _mark(user: User) -> str:
    """Return what stands for a name and its password, and tells neither."""
    return hashlib.sha256(f"{_SALT}|{user.pk}|{user.get_session_auth_hash()}".encode()).hexdigest()[
        :_MARK_DIGITS
    ]
