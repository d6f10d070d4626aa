"""Personal data within free text.

Phone, identity and bank card numbers, emails, licence plates, messenger accounts, given names.

A mask shows neither what it covers nor how long that was. What
only looks alike stays: amounts, days, order numbers, error codes.
"""

import re
from collections.abc import Iterable, Iterator

from feedback_site.common.masking import addresses, lookalikes, numbers
from feedback_site.common.masking.fields import is_chinese
from feedback_site.common.masking.written import plain, with_numerals

MASK = "***"
Span = tuple[int, int]

# All that is looked at in most texts: without a digit, an @, a
# spelt-out number or a service's name there are but names to look for.
_SUSPECT = re.compile(
    r"[\d@㈠-㈩㊀-㊉Ⅰ-ⅿ〡-〩]|(?:[零〇洞幺两兩一二三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖拐勾杠槓]\W?){7}"
    r"|(?:(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double"
    r"|ling|yao|yi|er|san|si|wu|liu|qi|ba|jiu)\W{0,3}){4}"
    r"|[.。,点]\s?(?:com|cn|net|org)|(?<![a-z])(?:at|dot|wechat|"
    r"we chat|weixin|vx|wx|qq|whats\s?app|telegram|skype)(?![a-z])"
    r"|_dot_|[微薇威徽维維]\s?信|[v_]信|艾特|小老鼠|扣扣|企鹅|抖音|快手|小红书|支付宝|钉钉|微博|加\s?我?[vq]|wxid|[il][3-9]\wo",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s?[A-HJ-NP-Z]\s?[·•.-]?\s?"
    r"(?=[A-Z挂学警港澳\s]*\d)[A-HJ-NP-Z\d]\s?(?:[A-HJ-NP-Z\d]\s?){3}[A-HJ-NP-Z\d挂学警港澳](?:[A-HJ-NP-Z\d])?(?![A-Z\d])",
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
    shown = plain(text)
    is_suspect = _SUSPECT.search(shown) is not None
    if not is_suspect and not looked_for:
        return text
    spans = list(_suspects(shown)) if is_suspect else []
    if keeps_hotlines:
        spans = [(start, stop) for start, stop in spans if not numbers.is_hotline(shown[start:stop])]
    for name in looked_for:
        spans += _named(shown, plain(name))
    return _covered(text, spans)


def _suspects(shown: str) -> Iterator[Span]:
    yield from addresses.emails(shown)
    yield from addresses.accounts(shown)
    yield from (found.span() for found in _PLATE.finditer(shown))
    yield from numbers.personal_numbers(shown)
    yield from lookalikes.spelt_numbers(shown)
    yield from lookalikes.hidden_numbers(shown)
    spelt = with_numerals(shown)
    if spelt != shown:
        yield from numbers.personal_numbers(spelt)
        yield from lookalikes.spelt_numbers(spelt)
        yield from lookalikes.hidden_numbers(spelt)


def _named(shown: str, name: str) -> Iterator[Span]:
    """Yield where a name stands: whole, in any case and spacing.

    Of a Latin name also each word, written as a name is.
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
