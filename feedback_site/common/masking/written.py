"""One way of writing for what people write in many: a text
of the same length, in which patterns are looked for.
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
_NUMERALS = {ord(sign): str(place) for place, sign in enumerate("零一二三四五六七八九")}
_NUMERALS |= {ord(sign): str(place) for place, sign in enumerate("零壹贰叁肆伍陆柒捌玖")} | {
    ord("〇"): "0",
    ord("幺"): "1",
    ord("两"): "2",
}


def plain(text: str) -> str:
    """Return the text with full-width signs, digits of any script
    and dashes of any length written plainly; places stay the same.
    """
    return text.translate(_PLAIN)


def with_numerals(text: str) -> str:
    """Return the text with Chinese numerals (一三八) written as digits; places stay the same."""
    return text.translate(_NUMERALS)
