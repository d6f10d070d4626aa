from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from feedback_site.accounts.services import enrol_second_factor, new_secret

PASSWORD = "correct horse battery"


class Member:
    """A browser of one member of staff."""

    def __init__(self, username: str, address: str = "203.0.113.1") -> None:
        self.username = username
        self.client = Client(headers={"accept-language": "en"}, REMOTE_ADDR=address)

    def sign_in(self, password: str = PASSWORD, wanted: str = "", **headers: Any) -> Any:
        address = reverse("admin:login") + (f"?next={wanted}" if wanted else "")
        return self.client.post(address, {"username": self.username, "password": password}, **headers)

    def get(self, page: str, *args: Any) -> Any:
        return self.client.get(reverse(page, args=args))

    def post(self, page: str, **fields: Any) -> Any:
        return self.client.post(reverse(page), fields)

    def is_in(self) -> bool:
        return self.get("admin:index").status_code == 200


def code_of(secret: str, at: datetime, *, step: int = 0) -> str:
    """The code that an app with `secret` shows at a moment, or so many steps later."""
    generator = TOTP(bytes.fromhex(secret))
    generator.time = at.timestamp() + 30 * step
    return f"{generator.token():06d}"


@pytest.fixture
def enrol():
    """Give a person a second factor, used up long ago, and return its secret and recovery codes."""

    def enrol(user):
        secret, at = new_secret(), datetime(2026, 11, 1, tzinfo=UTC)
        _device, codes = enrol_second_factor(user=user, secret=secret, code=code_of(secret, at), at=at)
        return secret, codes

    return enrol


@pytest.fixture
def patient(monkeypatch) -> None:
    """Wrong codes may follow each other at once."""
    monkeypatch.setattr(TOTPDevice, "get_throttle_factor", lambda _device: 0)
