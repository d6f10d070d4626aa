"""A signed stamp in a hidden field: when the form was handed out, and its number.

By the number the same form sent twice counts once.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings

STAMP = "stamp"
_SIGNATURE_CHARACTERS = 32
_FORM = re.compile(r"(\d{10,11})\.([0-9a-f]{0,32})\.([0-9a-f]{32})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a form was handed out, and its number; empty where all visitors share one page."""

    issued_at: datetime
    number: str

    def is_younger_than(self, age: timedelta, *, at: datetime) -> bool:
        """Return whether less than `age` has passed."""
        return at - self.issued_at < age


def make_stamp(*, purpose: str, at: datetime, is_numbered: bool = True) -> str:
    """Return a new stamp of whole seconds.

    A page that all visitors share takes one without a number, made again as often as the page is.
    """
    seconds, number = int(at.timestamp()), secrets.token_hex(16) if is_numbered else ""
    return f"{seconds}.{number}.{_sign(settings.TOKEN_KEYS[0], purpose, seconds, number)}"


def read_stamp(fields: Mapping[str, Sequence[str]], *, purpose: str) -> Stamp | None:
    """Return the stamp of a form that we handed out for this purpose; None for any other.

    Every key that is still in use counts.
    """
    match = _FORM.fullmatch((fields.get(STAMP) or [""])[0])
    if match is None:
        return None
    seconds, number, signature = int(match[1]), match[2], match[3]
    if not any(
        hmac.compare_digest(signature, _sign(key, purpose, seconds, number)) for key in settings.TOKEN_KEYS
    ):
        return None
    return Stamp(datetime.fromtimestamp(seconds, UTC), number)


def _sign(key: str, purpose: str, seconds: int, number: str) -> str:
    message = f"form stamp|{purpose}|{seconds}|{number}".encode()
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()[:_SIGNATURE_CHARACTERS]
