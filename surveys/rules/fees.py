"""Comparing what a customer paid with what the ticket says: pure figures."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

_SIGNS = re.compile(r"[\s,，¥￥$€£]|CNY|RMB|HKD|USD|EUR|元|人民币", re.IGNORECASE)
_LARGEST = Decimal(10) ** 15


def amount_in(value: Any) -> Decimal | None:
    """Return the amount that a system wrote: a number, or one in
    words such as "¥1,280.00" or "128元"; None for anything else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        amount = Decimal(_SIGNS.sub("", unicodedata.normalize("NFKC", str(value))))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < _LARGEST else None


def differs(paid: Decimal, charged: Decimal, *, tolerance: Decimal, percent: Decimal) -> bool:
    """Say whether two amounts lie further apart than `tolerance`
    and than `percent` of what was charged, whichever is more.
    """
    return abs(paid - charged) > max(tolerance, abs(charged) * percent / 100)
