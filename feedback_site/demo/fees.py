"""What services cost and what customers say they paid.

Made of the case's number alone, so that everything else stays as it was.
"""

import random

CURRENCY = "CNY"
_FEES = (80, 128, 158, 260, 380)
_EXTRA = (20, 50, 100)
_SAID_SHARE, _OTHER_SHARE = 0.5, 0.04


def make_fee(*, number: str, is_in_warranty: bool | None) -> int:
    """Return what the ticket says: repairs out of warranty cost something, all else is free."""
    return random.Random(f"fee {number}").choice(_FEES) if is_in_warranty is False else 0  # noqa: S311 - no secret


def make_paid(*, number: str, fee: int) -> int | None:
    """Return what the customer says was paid.

    Half say it, and few of those paid more than the ticket says.
    """
    dice = random.Random(f"paid {number}")  # noqa: S311 - no secret
    if dice.random() >= _SAID_SHARE:
        return None
    return fee + dice.choice(_EXTRA) if dice.random() < _OTHER_SHARE else fee
