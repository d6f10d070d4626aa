"""Comparing what a customer paid with what the ticket says: pure figures."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

# What stands beside a figure, and the currencies that it may mean.
_SIGNS: dict[str, set[str]] = {
    **{sign: {"CNY"} for sign in ("CNY", "RMB", "人民币", "元整", "元", "块")},
    "¥": {"CNY", "JPY"},
    "$": {"USD", "HKD", "SGD", "AUD", "CAD", "NZD", "TWD", "MOP"},
    "€": {"EUR"},
    "£": {"GBP"},
    **{code: {code} for code in ("HKD", "USD", "EUR", "GBP", "JPY")},
}
_SIGN = re.compile("|".join(map(re.escape, _SIGNS)), re.IGNORECASE)
# A comma or a space divides thousands only where three digits follow: 12,80 may be either.
_FIGURE = re.compile(r"[+-]?(\d+|\d{1,3}([, ])\d{3}(\2\d{3})*)?(\.\d*)?", re.ASCII)
_LARGEST = Decimal(10) ** 15


def amount_in(value: Any) -> Decimal | None:
    """Return the amount that a system wrote: a number, or one in words such as "¥1,280.00" or "128元".

    None for anything else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    text = (
        _SIGN.sub("", unicodedata.normalize("NFKC", str(value))).strip()
        if isinstance(value, str)
        else str(value)
    )
    if isinstance(value, str) and not _FIGURE.fullmatch(text):
        return None
    try:
        amount = Decimal(re.sub("[, ]", "", text))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < _LARGEST else None


def may_be_in(value: Any, currency: str) -> bool:
    """Say whether nothing beside an amount names another currency than `currency`."""
    found = _SIGN.findall(unicodedata.normalize("NFKC", value)) if isinstance(value, str) else []
    return all(currency in _SIGNS[sign.upper()] for sign in found)


def differs(paid: Decimal, charged: Decimal, *, tolerance: Decimal, percent: Decimal) -> bool:
    """Return whether two amounts lie further apart than allowed.

    Allowed is `tolerance`, or `percent` of what was charged, whichever is more.
    """
    return abs(paid - charged) > max(tolerance, abs(charged) * percent / 100)
