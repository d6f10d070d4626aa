"""One way of writing for what people write in many ways.

The text keeps its length, and patterns are looked for in it.
"""

import sys
import unicodedata

_FULL_WIDTH = {place: chr(place - 0xFEE0) for place in range(0xFF01, 0xFF5F)}
_DIGITS = {
    place: str(value)
    for place in range(sys.maxunicode + 1)
    if (value := unicodedata.digit(chr(place), None)) is not None
}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－ー"), "-")
_PLAIN = {**_DASHES, **_FULL_WIDTH, **_DIGITS, 0x3000: " ", 0x00A0: " "}
# Numerals of every script that are no digits to Unicode: 一, 壹,
# 貳, ㈠, Ⅰ; and what is said for them where a 1 sounds like a 7.
_OTHER_SIGNS = (place for place in range(sys.maxunicode + 1) if place not in _DIGITS)
_AMOUNTS = {
    place: amount for place in _OTHER_SIGNS if (amount := unicodedata.numeric(chr(place), None)) is not None
}
_NUMERALS = {place: str(int(amount)) for place, amount in _AMOUNTS.items() if amount in range(10)}
_NUMERALS |= {ord(sign): digit for sign, digit in zip("零〇洞幺两兩拐勾杠槓", "00012279--", strict=True)}


def plain(text: str) -> str:
    """Return the text with full-width signs, all digits and all dashes written plainly.

    Every character keeps its position.
    """
    return text.translate(_PLAIN)


def with_numerals(text: str) -> str:
    """Return the text with Chinese numerals (一三八) as digits; every character keeps its position."""
    return text.translate(_NUMERALS)
