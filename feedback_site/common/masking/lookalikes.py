"""Numbers that are written so that machines do not see them.

They have signs or letters between the digits, words, or O for 0.

Only what is a number for sure is taken as one: the fewer signs
of a number a text shows, the stricter its form has to be.
"""

import re
from collections.abc import Iterator

from feedback_site.common.masking import numbers

Span = tuple[int, int]

_VALUES = {
    **dict.fromkeys(("zero", "oh", "o", "nought", "naught", "ling"), "0"),
    **dict.fromkeys(("one", "yao", "yi"), "1"),
    **dict.fromkeys(("two", "er", "liang"), "2"),
    **dict.fromkeys(("three", "san"), "3"),
    **dict.fromkeys(("four", "si"), "4"),
    **dict.fromkeys(("five", "wu"), "5"),
    **dict.fromkeys(("six", "liu"), "6"),
    **dict.fromkeys(("seven", "qi"), "7"),
    **dict.fromkeys(("eight", "ba"), "8"),
    **dict.fromkeys(("nine", "jiu"), "9"),
}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_ONE_WORD = rf"(?:(?:{'|'.join(_TIMES)})[\s-]?)?(?:{'|'.join(sorted(_VALUES, key=len, reverse=True))})"
_WORD = re.compile(
    rf"(?:({'|'.join(_TIMES)})[\s-]?)?({'|'.join(sorted(_VALUES, key=len, reverse=True))})", re.IGNORECASE
)
# Words that follow each other without anything but spaces and dashes are one number.
_SPELT = re.compile(
    rf"(?<![a-z])(?:{_ONE_WORD})+(?:[\s,.、-]{{1,3}}(?:{_ONE_WORD})+(?![a-z]))*(?![a-z])", re.IGNORECASE
)
_FEWEST_SPELT, _MOST_SPELT = 10, 13

_SIGNS = r"\s{0,2}(?:[^\w\s]|_){1,4}\s{0,2}"
_LETTERS = r"\s?[^\W\d_]{1,3}\s?"
_BETWEEN_SIGNS = re.compile(rf"(?<![\dA-Za-z*])\d+(?:{_SIGNS}\d+)+(?:[Xx](?![A-Za-z]))?(?![\dA-Za-z])")
_BETWEEN_LETTERS = re.compile(rf"(?<![\dA-Za-z])\d+({_LETTERS})\d+(?:\1\d+)+(?:[Xx](?![A-Za-z]))?(?!\d)")
_SINGLY = re.compile(r"(?<![\dA-Za-z])\d(?:\s?[^\W\d_]{1,2}\s?\d){10}(?!\d)")
# In threes and fours with the same sign both times, however a list of them goes on.
_PARTED = re.compile(r"(?<![\dA-Za-z*])1[3-9]\d([^\w\s])\d{4}\1\d{4}(?![\dA-Za-z])")
_DIGITS = re.compile(r"\d+")
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
_LAND_LINE = re.compile(r"0[1-9]\d{8,10}")
# The first group of a mobile number as people break it up:
# the network, the network and the place, or half of it.
_MOBILE_HEADS, _AREA_HEADS = {3, 5, 7, 11}, {3, 4}
_MOST_GROUPS = 5
_LENGTHS = re.compile(r"\s*(?:[mc]?m\b|毫米|厘米|公分|米|寸|尺|inch|kg|千克|公斤)|\s*[元块]", re.IGNORECASE)
_SIZES = re.compile(
    r"(?:尺寸|规格|大小|长宽高|size|dimensions?|measures)[^\d。！？!?\n]{0,8}$", re.IGNORECASE
)

_O_FOR_0 = re.compile(r"(?<![A-Za-z\d])[1Il][3-9][\dOo][\s.-]?[\dOoIl]{4}[\s.-]?[\dOoIl]{4}(?![A-Za-z\d])")
_AS_DIGITS = str.maketrans("OoIl", "0011")
_FEWEST_TRUE_DIGITS = 3


def hidden_numbers(shown: str) -> Iterator[Span]:
    """Yield where numbers stand that are broken up, or of which some digits are letters.

    Between their digits stands what usually does not.
    """
    for pattern in (_PARTED, _BETWEEN_SIGNS, _BETWEEN_LETTERS, _SINGLY):
        yield from (found.span() for found in pattern.finditer(shown) if _is_number(shown, *found.span()))
    for found in _O_FOR_0.finditer(shown):
        digits = re.sub(r"\D", "", found[0].translate(_AS_DIGITS))
        has_both = _FEWEST_TRUE_DIGITS <= sum(map(str.isdigit, found[0])) < len(digits)
        if has_both and _MOBILE.fullmatch(digits) and not numbers.is_of_a_thing(shown, found.start()):
            yield found.span()


def spelt_numbers(shown: str) -> Iterator[Span]:
    """Yield where numbers stand in English number words or Pinyin.

    Some of their digits may be digits.
    """
    read: list[str] = []
    places: list[int] = []
    end = 0
    for found in _SPELT.finditer(shown):
        if found[0] in {"o", "O"}:
            continue
        digits = _digits_of(found[0])
        if _FEWEST_SPELT <= len(digits) <= _MOST_SPELT and not numbers.is_of_a_thing(shown, found.start()):
            yield found.span()
        read += [shown[end : found.start()], digits]
        places += [*range(end, found.start()), *[found.start()] * (len(digits) - 1), found.end() - 1]
        end = found.end()
    if not read:
        return
    places += range(end, len(shown))
    for start, stop in numbers.personal_numbers("".join(read) + shown[end:]):
        yield places[start], places[stop - 1] + 1


def _digits_of(words: str) -> str:
    return "".join(
        _VALUES[word.lower()] * _TIMES.get(times.lower(), 1) for times, word in _WORD.findall(words)
    )


def _is_number(shown: str, start: int, stop: int) -> bool:
    written = shown[start:stop]
    groups = [len(group) for group in _DIGITS.findall(written)]
    if (
        numbers.is_of_a_thing(shown, start)
        or _LENGTHS.match(shown, stop)
        or _SIZES.search(shown[max(0, start - 20) : start])
    ):
        return False
    digits = "".join(_DIGITS.findall(written))
    if set(groups) == {1}:
        return _MOBILE.fullmatch(digits) is not None
    if numbers.is_paper(re.sub(r"[^\dXx]+", "-", written)):
        return True
    if len(groups) > _MOST_GROUPS or min(groups[1:]) == 1:
        return False
    if digits.startswith("86") and groups[0] == 2:  # noqa: PLR2004 - the country's
        groups = groups[1:]
    is_mobile = groups[0] in _MOBILE_HEADS and _MOBILE.fullmatch(digits)
    is_land_line = (
        groups[0] in _AREA_HEADS and min(groups[1:], default=0) > 2 and _LAND_LINE.fullmatch(digits)  # noqa: PLR2004 - a day and a month have two
    )
    return bool(is_mobile or is_land_line)
