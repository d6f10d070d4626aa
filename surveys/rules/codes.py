"""Codes of open questionnaires: short enough to type from a card, too many to guess."""

import secrets

# No 0, 1, i, l and o: no one takes one for another. 31 ** 8 is 850 thousand million.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 8
CODE_PATTERN = "[2-9a-hjkmnp-z]{8}"


def new_code() -> str:
    """Return a random code."""
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
