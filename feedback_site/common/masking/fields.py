"""Masks for names, phone numbers and addresses.

They tell two customers of a list apart, and leave too much to find out by trying.

No mask says how long the value is. Of a phone number fewer digits
are shown than customers are asked for to confirm who they are.
"""

import re

_HAN = re.compile("[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
_TAIL, _LEAST_DIGITS = 2, 7
_STARS = "****"


def is_chinese(name: str) -> bool:
    """Return whether a name is written in Chinese characters."""
    return bool(_HAN.search(name))


def mask_name(name: str) -> str:
    """Mask a person's name: 王小明 -> 王**, Ann Lee -> A**."""
    name = name.strip()
    return f"{name[0]}**" if name else ""


def mask_phone(phone: str) -> str:
    """Mask a phone number: 13812345678 -> ****78; what is too short for one shows nothing."""
    digits = re.sub(r"\D", "", phone)
    if not digits:
        return ""
    return f"{_STARS}{digits[-_TAIL:]}" if len(digits) >= _LEAST_DIGITS else _STARS


def mask_email(email: str) -> str:
    """Mask an email address: ann.lee@example.com -> a***@***.com."""
    local, separator, domain = email.strip().partition("@")
    if not separator or not local:
        return "***" if email.strip() else ""
    _rest, dot, last = domain.rpartition(".")
    return f"{local[0]}***@***{dot}{last if dot else ''}"
