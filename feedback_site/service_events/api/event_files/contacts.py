"""Contacts of people who do not exist, for files that hold none.

The same customer always gets the same ones.
"""

import hashlib
from typing import Any

from feedback_site.service_events.api.event_files.mapping import MadeUpContacts

# No Chinese mobile number begins with 12: the range was
# never given out, so no such message could reach a person.
_PHONE_PREFIX = "+8612"
_PHONE_DIGITS = 10**9
_SURNAMES = "王李张刘陈杨黄赵吴周"
_GIVEN_NAMES = ("伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "洋", "小明", "秀英", "建国")


def made_up_customer(number: str) -> dict[str, str]:
    """Return name, phone and email of the customer with this number."""
    chance = _chance_of("contact", number)
    return {
        "name": _SURNAMES[chance % len(_SURNAMES)] + _GIVEN_NAMES[chance // 10 % len(_GIVEN_NAMES)],
        "phone": f"{_PHONE_PREFIX}{chance % _PHONE_DIGITS:09d}",
        "email": f"customer-{chance % 16**12:012x}@example.com",
    }


def made_up_consent(contacts: MadeUpContacts, number: str) -> dict[str, Any]:
    """Return what the customer with this number allows, by the shares of the mapping."""
    return {
        purpose: _chance_of(purpose, number) % 10_000 < share * 10_000
        for purpose, share in contacts.consent.items()
    }


def _chance_of(what: str, number: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{what}|{number}".encode()).digest()[:16])
