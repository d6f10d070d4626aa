"""Personal data within free text: phone, identity and bank card
numbers, emails, licence plates, messenger accounts, given names.

A mask shows neither what it covers nor how long that was. What
only looks alike stays: amounts, days, order numbers, error codes.
"""

import re
from collections.abc import Iterable, Iterator

from feedback_site.common.masking import numbers
from feedback_site.common.masking.fields import is_chinese
from feedback_site.common.masking.written import plain, with_numerals

MASK = "***"
Span = tuple[int, int]

# All that is looked at in most texts: without a digit, an @ or
# a spelt-out number there is nothing but names to look for.
_SUSPECT = re.compile(
    r"[\d@＠①-⑳⓪¹²³⁰-⁹₀-₉]|(?:[零〇幺两一二三四五六七八九壹贰叁肆伍陆柒捌玖]\W?){7}|(?<![a-z])(?:at|wechat|微信|vx|qq)(?![a-z])|艾特",
    re.IGNORECASE,
)
_AT = r"(?:\s*@\s*|\s*[(\[{<]\s*(?:at|@|艾特)\s*[)\]}>]\s*|\s*(?:艾特)\s*)"
_DOT = r"(?:\.|。|\s*[(\[{<]\s*(?:dot|点|\.)\s*[)\]}>]\s*|\s+dot\s+|点)"
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
# Looked for from the beginning of a word alone, else a long
# word without an @ would cost the square of its length.
_LOCAL = r"(?<![a-z0-9!#$%&'*+/=?^_`{|}~.-])[a-z0-9!#$%&'*+/=?^_`{|}~.-]+"
_EMAILS = (
    re.compile(rf"{_LOCAL}{_AT}{_LABEL}(?:{_DOT}{_LABEL})*{_DOT}[a-z]{{2,24}}", re.IGNORECASE),
    re.compile(
        rf"{_LOCAL}\s+at\s+{_LABEL}(?:{_DOT}{_LABEL})*{_DOT}(?:com|net|org|edu|cn|uk|de|info|io|co)(?![a-z])",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{_LOCAL}{_AT}(?:qq|163|126|139|189|gmail|outlook|hotmail|sina|foxmail|yahoo|icloud)(?![a-z0-9.])",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![^\s@<>()\[\],，。;；:：、\"'“”])[^\s@<>()\[\],，。;；:：、\"'“”]+@[^\W\d_][^\s@<>()\[\],，;；:：、]*\.[^\W\d_]{2,}"
    ),
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s?[A-HJ-NP-Z]\s?[·•.-]?\s?"
    r"(?=[A-Z挂学警港澳\s]*\d)[A-HJ-NP-Z\d]\s?(?:[A-HJ-NP-Z\d]\s?){3}[A-HJ-NP-Z\d挂学警港澳](?:[A-HJ-NP-Z\d])?(?![A-Z\d])",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?:微信|wechat|weixin|(?<![a-z])(?:vx|wx|v信)|(?<![a-z])qq|扣扣|whatsapp|telegram)\s*(?:号码|帐号|账号|号|id|number|no)?\s*(?:是|为|is|:|：|,|，)?\s*"
    r"([a-z][a-z0-9_-]{5,19}(?![a-z0-9_-])|[1-9]\d{4,11}(?!\d))",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_FEWEST_LETTERS = 3


def mask_words(text: str, names: Iterable[str] = (), *, keeps_hotlines: bool = False) -> str:
    """Return free text with all personal data in it masked, also that which is masked already.

    `names` are those of the people whom the text is about. `keeps_hotlines`
    leaves 400 and 800 numbers, which staff give to customers.
    """
    looked_for = [name for name in names if name]
    is_suspect = _SUSPECT.search(text) is not None
    if not is_suspect and not looked_for:
        return text
    shown = plain(text)
    spans = list(_suspects(shown)) if is_suspect else []
    if keeps_hotlines:
        spans = [(start, stop) for start, stop in spans if not numbers.is_hotline(shown[start:stop])]
    for name in looked_for:
        spans += _named(shown, plain(name))
    return _covered(text, spans)


def _suspects(shown: str) -> Iterator[Span]:
    for pattern in _EMAILS:
        yield from (found.span() for found in pattern.finditer(shown))
    yield from (found.span() for found in _PLATE.finditer(shown))
    yield from (
        found.span(1)
        for found in _ACCOUNT.finditer(shown)
        if any(sign.isdigit() or sign in "_-" for sign in found[1])
    )
    yield from numbers.personal_numbers(shown)
    spelt = with_numerals(shown)
    if spelt != shown:
        yield from numbers.personal_numbers(spelt)


def _named(shown: str, name: str) -> Iterator[Span]:
    """Yield where a name stands: whole, in any case and spacing;
    of a Latin one also each word, written as a name is.
    """
    words = _WORD.findall(name)
    if is_chinese(name):
        written = "".join(words)
        if len(written) > 1 and written[0] in shown and written[-1] in shown:
            yield from _found(r"\W?".join(map(re.escape, written)), shown)
        return
    if len(words) > 1 and all(word.casefold() in shown.casefold() for word in words):
        yield from _found(
            r"(?<!\w)" + r"\W{1,3}".join(map(re.escape, words)) + r"(?!\w)", shown, re.IGNORECASE
        )
    for word in words:
        if len(word) >= _FEWEST_LETTERS or len(words) == 1:
            yield from _found(rf"(?<![A-Za-z]){re.escape(word[0].upper() + word[1:])}(?![A-Za-z])", shown)


def _found(pattern: str, shown: str, flags: int = 0) -> Iterator[Span]:
    return (found.span() for found in re.finditer(pattern, shown, flags))


def _covered(text: str, spans: list[Span]) -> str:
    """Return the text with every span covered; spans that overlap or touch share one mask."""
    pieces: list[str] = []
    end = 0
    for start, stop in sorted(spans):
        if stop <= end:
            continue
        if start > end or not pieces:
            pieces += [text[end:start], MASK]
        end = stop
    return "".join(pieces) + text[end:] if spans else text
