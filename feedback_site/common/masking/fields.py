"""Masks for names, phone numbers and addresses: enough to recognise, too little to use."""

import re

_HAN = re.compile("[㐀-鿿豈-﫿\U00020000-\U0003ffff]")
_SHOWN_HEAD, _SHOWN_TAIL = 3, 4
_SHORT_PHONE = 9
_CHINESE_MOBILE = 11


def is_chinese(name: str) -> bool:
    """Return whether a name is written in Chinese characters."""
    return bool(_HAN.search(name))


def mask_name(name: str) -> str:
    """Mask a person's name: 王小明 -> 王**, 李 明 -> 李*, Ann Lee -> A** L**."""
    name = name.strip()
    if not name:
        return ""
    if is_chinese(name):
        written = "".join(name.split())
        return written[0] + "*" * max(len(written) - 1, 1)
    return " ".join(f"{word[0]}**" for word in name.split())


def mask_phone(phone: str) -> str:
    """Mask a phone number: 13812345678 -> 138****5678; landlines and short numbers keep less."""
    digits = re.sub(r"\D", "", phone)
    if not digits:
        return ""
    national = digits[2:] if phone.strip().startswith("+86") else digits
    if len(national) < _SHORT_PHONE:
        return national[:1] + "*" * max(len(national) - 3, 1) + national[-2:] if len(national) > _SHOWN_HEAD else "***"
    is_mobile = len(national) == _CHINESE_MOBILE and national.startswith("1")
    if phone.strip().startswith("+86") and not is_mobile:
        return f"0{national[:2]}****{national[-3:]}"
    return f"{national[:_SHOWN_HEAD]}****{national[-_SHOWN_TAIL:]}"


def mask_email(email: str) -> str:
    """Mask an email address: ann.lee@example.com -> a***@example.com."""
    local, separator, domain = email.strip().partition("@")
    if not separator or not local:
        return "***" if email.strip() else ""
    return f"{local[0]}***@{domain}"
