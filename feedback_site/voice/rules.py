"""Reference numbers, and the words that customers agree to."""

import re
import secrets
import unicodedata

from django.utils.translation import gettext_lazy as _

# Crockford's base 32: no I, L, O and U, so that a number survives being read aloud and copied by hand.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISTAKEN_FOR = str.maketrans("OIL", "011")
_GROUPS, _IN_A_GROUP = 3, 4
_REFERENCE = re.compile(f"[{_ALPHABET}]{{{_GROUPS * _IN_A_GROUP}}}")
# More than this is no number that a person copied.
LONGEST_TYPED_REFERENCE = 40

SOURCE = "voice"
LONGEST_TEXT = 2000

# What the customer agrees to, word for word, by version. Never edit
# one: add the next, so that each entry keeps what it was given for.
CONSENT_VERSION = "2026-11"
CONSENTS = {
    "2026-11": _(
        "I agree to be contacted about this, and to be asked afterwards whether it is solved. My contact "
        "details will not be used for anything else."
    ),
}


def new_reference() -> str:
    """Return a number of 60 random bits in groups that can be read aloud: `7KQ3-M9XD-2TPA`."""
    return _grouped("".join(secrets.choice(_ALPHABET) for _place in range(_GROUPS * _IN_A_GROUP)))


def read_reference(typed: str) -> str | None:
    """Return the number that a person meant, None where it cannot be one.

    Takes any case, O for 0, I or L for 1, any blanks, full-width signs.
    """
    if len(typed) > LONGEST_TYPED_REFERENCE:
        return None
    plain = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", typed)).upper().translate(_MISTAKEN_FOR)
    return _grouped(plain) if _REFERENCE.fullmatch(plain) else None


def _grouped(characters: str) -> str:
    return "-".join(
        characters[start : start + _IN_A_GROUP] for start in range(0, len(characters), _IN_A_GROUP)
    )
