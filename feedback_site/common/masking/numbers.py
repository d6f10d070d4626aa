"""Which numbers in a text are a person's: phone, identity card and bank card numbers.

They are found in all ways in which people write them.

The texts are plain (`written.plain`): digits are 0-9. A number
that follows a word such as "order" or "error code" is none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

Span = tuple[int, int]

# What people put between digits; the invisible signs come with
# copying. A comma, a slash and a new line only stand between groups.
_GAP = "[ \\t.()_·•~…\ufe0f\u20e3\u200b-\u200f\u202a-\u202e\u2060\ufeff-]"
_LIST_SIGN = "[,，/、\\n]"
_RUN = re.compile(
    rf"(?<![\d*])\+?(?:\({_GAP}?)?\d(?:(?:{_GAP}{{0,3}}|{_GAP}?{_LIST_SIGN}{_GAP}?)\d)*(?:{_GAP}?[Xx](?![A-Za-z]))?"
)
_GROUP = re.compile(r"\d+")
_GROUP_WITH_LEAD = re.compile(r"\+?\(?\d+")

_THINGS = re.compile(
    r"(?:订单|工单|单号|单据|编号|编码|运单|快递|流水|序列|型号|货号|批次|发票|合同|故障|错误|代码|报错|条码|凭证|案件|机号|版本|尾号|金额|价格"
    r"|order|ticket|case|ref|reference|invoice|serial|model|error|code|fault|tracking|batch|version|contract|receipt|item|part|s/?n|sku)"
    r"[\s号码为是的：:#.,-]*(?:(?:number|no|nr|id|code|is|was|号码|号|码)[\s.:：#-]*)*[A-Za-z]{0,4}[-#]?$",
    re.IGNORECASE,
)
_CALLS = re.compile(
    r"(?:电话|手机|座机|固话|联系|致电|回电|来电|拨打|拨|打给|打我"
    r"|(?<![a-z])(?:call|phone|telephone|tel|mobile|cell|ring|contact|reach|dial|text me|number "
    r"is|whatsapp)(?![a-z]))"
    r"[^\d。！？!?;；)）\n]{0,14}$",
    re.IGNORECASE,
)
_CARDS = re.compile(
    r"(?:卡号|银行卡|信用卡|储蓄卡|账号|帐号|card|account)[^\d。！？!?\n]{0,10}$", re.IGNORECASE
)
_PAPERS = re.compile(
    r"(?:身份证|证件|护照|通行证|passport|id card|identity card)"
    r"[^\d。！？!?\nA-Za-z]{0,8}(?:(?:number|no|is)[\s.:：]*)*([A-Za-z]{1,2}\d{6,9}(?!\d))",
    re.IGNORECASE,
)
# What follows, or comes before, an amount or a count.
_UNITS = re.compile(
    r"\s*(?:[元块万亿度瓦次个天年月日时分秒台件米]|%|kw|km|yuan|rmb|usd|dollars|times|minutes|hours|days)",
    re.IGNORECASE,
)
_PRICED = re.compile(r"\s?(?:元(?!旦|宵|月)|块钱)")
_MONEY = re.compile(r"(?:[¥￥$€£]|rmb|cny|usd)\s*$", re.IGNORECASE)
_GLUED = re.compile(r"[A-Za-z]+$")
# Words that may touch a phone number; other letters before digits make a code of them.
_CALL_WORDS = {
    "tel",
    "phone",
    "mobile",
    "mob",
    "cell",
    "call",
    "ph",
    "t",
    "m",
    "p",
    "v",
    "dial",
    "ring",
    "no",
    "number",
    "text",
}
_CALL_WORDS |= {"contact", "at", "on", "is", "to", "me", "or", "and", "wx", "vx", "wechat", "whatsapp"}
_LOOK_BACK = 40

_MOBILE = re.compile(r"(?:(?:\+|00)?86)?1[3-9]\d{9}")
_HOTLINE = re.compile(r"[48]00\d{7}")
_ABROAD = re.compile(r"(?:\+[1-9]|00[1-9])\d{7,13}")
_AREA_FIRST = re.compile(r"0[1-9]\d{8,10}")
_AMERICAN = re.compile(r"\(?[2-9]\d{2}\)?[ .-]{1,2}\d{3}[ .-]\d{4}")
_DAY_FIRST = re.compile(r"(?:19|20)\d{2}([./-])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?!\d)")
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)
_FEWEST_DIGITS, _MOST_DIGITS = 7, 25
_MOST_GROUPS, _MOST_GROUPS_TRIED = 5, 11
_MOST_TAIL = 6
_MOST_ANNOUNCED = 12


def is_hotline(written: str) -> bool:
    """Whether a number is a company's, which costs callers nothing or a local call."""
    return _HOTLINE.fullmatch("".join(_GROUP.findall(written))) is not None


def is_of_a_thing(shown: str, start: int) -> bool:
    """Whether the words before a number say that it is an order's, a machine's or a fault's."""
    return _THINGS.search(shown[max(0, start - _LOOK_BACK) : start]) is not None


def is_paper(written: str) -> bool:
    """Whether a number is an identity card's, whatever its groups are."""
    return _is_identity(written, "".join(_GROUP.findall(written)))


def is_day(digits: str) -> bool:
    """Whether eight digits are a year, a month and a day."""
    if not digits.isdecimal() or len(digits) != 8:  # noqa: PLR2004 - year, month, day
        return False
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year < 2100  # noqa: PLR2004 - the years that people write
    except ValueError:
        return False


def personal_numbers(shown: str) -> Iterator[Span]:
    """Yield where numbers stand that are a person's."""
    yield from (found.span(1) for found in _PAPERS.finditer(shown))
    for run in _RUN.finditer(shown):
        if sum(map(str.isdigit, run[0])) >= _FEWEST_DIGITS:
            yield from _within(shown, *run.span())


@dataclass(frozen=True, slots=True)
class _WordsBefore:
    """What the words before a number say of it.

    That it is a thing's, that a person is called by it, that it is a card's or money.
    """

    of_a_thing: bool = False
    to_call: bool = False
    of_a_card: bool = False

    @classmethod
    def before(cls, shown: str, start: int, stop: int) -> Self:
        words = shown[max(0, start - _LOOK_BACK) : start]
        glued = _GLUED.search(words)
        is_code = glued is not None and glued[0].lower() not in _CALL_WORDS
        is_amount = _UNITS.match(shown[stop : stop + 8]) or _MONEY.search(words)
        return cls(
            of_a_thing=is_code or _PRICED.match(shown, stop) is not None or _THINGS.search(words) is not None,
            to_call=not is_amount and _CALLS.search(words) is not None,
            of_a_card=_CARDS.search(words) is not None,
        )


_NOTHING_SAID = _WordsBefore()


def _within(shown: str, start: int, stop: int) -> Iterator[Span]:
    """Yield what is personal of one run of digits.

    It is the whole, or those of its parts that are numbers of their own.
    """
    said = _WordsBefore.before(shown, start, stop)
    if _is_personal(shown[start:stop], said):
        yield start, stop
        return
    groups = [
        (start + found.start(), start + found.end()) for found in _GROUP_WITH_LEAD.finditer(shown[start:stop])
    ]
    first = 0
    while first < len(groups):
        last = _longest(
            shown, groups[first : first + _MOST_GROUPS_TRIED], said if first == 0 else _NOTHING_SAID
        )
        if last:
            yield groups[first][0], groups[first + last - 1][1]
        first += last or 1


def _longest(shown: str, groups: Sequence[Span], said: _WordsBefore) -> int:
    """Return how many groups from the first on make the longest personal number, 0 where none does."""
    start = groups[0][0]
    return next(
        (
            count
            for count in range(len(groups), 0, -1)
            if _is_personal(shown[start : groups[count - 1][1]], said)
        ),
        0,
    )


def _is_personal(written: str, said: _WordsBefore) -> bool:
    digits = "".join(_GROUP.findall(written))
    if not _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS:
        return False
    if _is_identity(written, digits) or _is_card(written, digits, said):
        return True
    return _is_phone(written, digits, said)


def _is_phone(written: str, digits: str, said: _WordsBefore) -> bool:
    if written.startswith("+"):
        return _ABROAD.fullmatch(f"+{digits}") is not None
    if _DAY_FIRST.match(written.lstrip("+(")):
        return False
    is_dictated = said.to_call and _MOBILE.fullmatch(digits) is not None
    if said.of_a_thing or not (is_dictated or _is_grouped_as_a_number(written)):
        return False
    if digits.startswith("00"):
        return _ABROAD.fullmatch(digits) is not None
    if (
        _matches(_MOBILE, written, digits)
        or _matches(_HOTLINE, written, digits)
        or _matches(_AREA_FIRST, written, digits)
    ):
        return True
    is_announced = said.to_call and len(digits) <= _MOST_ANNOUNCED and not is_day(digits)
    return is_announced or bool(_AMERICAN.fullmatch(written))


def _matches(pattern: re.Pattern[str], written: str, digits: str) -> bool:
    """Whether the digits are such a number, or one with an extension behind a dash."""
    if pattern.fullmatch(digits):
        return True
    head, _dash, tail = written.rpartition("-")
    return (
        bool(head)
        and tail.isdecimal()
        and len(tail) <= _MOST_TAIL
        and bool(pattern.fullmatch("".join(_GROUP.findall(head))))
    )


def _is_grouped_as_a_number(written: str) -> bool:
    """Few groups, or one digit a group: "13.5 14.2 15.8 16" is none."""
    groups = [len(group) for group in _GROUP.findall(written)]
    if len(groups) > _MOST_GROUPS:
        return set(groups) == {1}
    return len(groups) == 1 or min(groups) > 1 or groups[0] == 1 or groups[-1] == 1


def _is_identity(written: str, digits: str) -> bool:
    if digits[:2] not in _PROVINCES:
        return False
    has_check_letter = written[-1] in "Xx"
    if len(digits) + has_check_letter == 18:  # noqa: PLR2004 - six of the place, eight of the birthday, three, and a check sign
        return _is_birthday(digits[6:14])
    return len(digits) == 15 and _is_birthday(f"19{digits[6:12]}")  # noqa: PLR2004 - as they were until 1999


def _is_birthday(text: str) -> bool:
    return text[:2] in {"19", "20"} and is_day(text)


def _is_card(written: str, digits: str, said: _WordsBefore) -> bool:
    if not 15 <= len(digits) <= 19 or not _is_checked_by_luhn(digits):  # noqa: PLR2004 - ISO/IEC 7812
        return False
    groups = [len(group) for group in _GROUP.findall(written)]
    is_in_fours = len(groups) > 3 and set(groups[:-1]) == {4}  # noqa: PLR2004
    return digits.startswith("62") or is_in_fours or said.of_a_card


def _is_checked_by_luhn(digits: str) -> bool:
    total = sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0
