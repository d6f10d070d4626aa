"""Addresses of people in a text: emails and messenger accounts.

People also write them so that only people can read them.
"""

import re
from collections.abc import Iterator

from feedback_site.common.masking import numbers

Span = tuple[int, int]

_AT = r"(?:\s*@\s*|\s*[(\[{<]\s*(?:at|@|#|艾特)\s*[)\]}>]\s*|\s*(?:艾特|小老鼠)\s*)"
_DOT = r"(?:\.|。|\s*[(\[{<]\s*(?:dot|点|\.)\s*[)\]}>]\s*|[\s_-]+(?:dot|点)[\s_-]+|点)"
# A dot with spaces around it, or a comma for one, is a sentence's
# end too: taken for an address's only before an end that is no word.
_LOOSE_DOT = r"(?:\s*[.。]\s*|[,，]|\s[,，]\s)"
_ENDS = r"(?:com(?:\s*[.。]\s*(?:cn|hk|tw|au))?|cn|org|edu|gov)(?![a-z0-9])"
_MORE_ENDS = r"(?:com|net|org|edu|gov|cn|hk|tw|jp|uk|de|fr|eu|info|io|co|cc|top|xyz)(?![a-z0-9])"
_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_SIGN = r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]"
# Looked for from the beginning of a word alone, else a long
# word without an @ would cost the square of its length.
_WORD = rf"(?<!{_SIGN}){_SIGN}+"
_LOCAL = rf"(?:{_WORD}(?:\s+dot\s+|\s*[(\[{{<]\s*(?:dot|点)\s*[)\]}}>]\s*)){{0,3}}{_WORD}"
# What stands in for an @: a sign, or a picture; within a link these signs mean something else.
_STAND_IN = r"(?:\s?(?:[#$%^*~]|[^\w\s\x00-\x7f，。；：、！？·…（）《》“”‘’「」]{1,3})\s?|[&|+=])"
_PLAIN_WORD = r"(?<![a-z0-9_.+/?&=#-])(?=[a-z0-9._+-]*[a-z]|\d{5})[a-z0-9_](?:[a-z0-9_.+-]{0,62}[a-z0-9_])?"
_JOINED = r"[a-z0-9]+(?:[_-]dot[_-][a-z0-9]+){0,3}"
_SPACED_END = r"(?:\.|dot)\s?(?:c\s?o\s?m|c\s?n|n\s?e\s?t|o\s?r\s?g)(?![a-z0-9])"
_EMAILS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_LOCAL}{_AT}{_LABEL}(?:{_DOT}{_LABEL})*{_DOT}[a-z]{{2,24}}",
        rf"{_LOCAL}{_AT}{_LABEL}(?:(?:{_DOT}|{_LOOSE_DOT}){_LABEL})*{_LOOSE_DOT}{_ENDS}",
        rf"{_LOCAL}{_AT}{_LABEL}(?:\s\.\s{_LABEL})*\s\.\s{_MORE_ENDS}",
        rf"{_LOCAL}[\s_-]+at[\s_-]+[a-z0-9]+(?:(?:{_DOT}|-){_LABEL})*{_DOT}{_MORE_ENDS}",
        rf"(?<![a-z0-9]){_JOINED}[_-]at[_-]{_JOINED}[_-]dot[_-]{_MORE_ENDS}",
        rf"{_LOCAL}{_AT}(?:qq|163|126|139|189|gmail|outlook|hotmail|sina|foxmail|yahoo|icloud)(?![a-z0-9.])",
        rf"{_PLAIN_WORD}{_STAND_IN}{_LABEL}(?:\s?\.\s?{_LABEL}){{0,3}}\s?\.\s?{_MORE_ENDS}",
        rf"(?<![a-z0-9])(?:[a-z0-9._-]\s){{2,40}}(?:@|\(at\)|at\s)\s?(?:[a-z0-9-]\s?){{1,40}}{_SPACED_END}",
        r"(?<![^\s@<>()\[\],，。;；:：、\"'“”])[^\s@<>()\[\],，。;；:：、\"'“”]+@[^\W\d_][^\s@<>()\[\],，;；:：、]*\.[^\W\d_]{2,}",
    )
)

_CHINESE_SERVICES = (
    r"微\s?信|薇信|威信|徽信|維信|维信|wei信|v信|扣扣|企鹅|抖音|快手|小红书|支付宝|钉钉|微博"
    r"|加\s?我?[vq](?![a-z])"
)
_LATIN_SERVICES = (
    r"(?<![a-z])(?:we\s?chat|weixin|vx|wx|qq|whats\s?app|telegram|skype|line id|signal id|"
    r"alipay|tiktok|instagram|snapchat)(?![a-z])"
)
_OF_SERVICE = r"\s*(?:号码|帐号|账号|帳號|账户|号|號|名|(?:id|number|name|no)(?![a-z]))?\s*"
_LINK = r"(?:(?:是|为|就是|搜索|搜|加|联系|is(?![a-z])|me on(?![a-z])|[:：,，@=])\s*){0,3}"
_COUNTED = r"\s*(?:[元块万次个天年月日度]|yuan|rmb|times)"
_ACCOUNT = rf"([a-z][a-z0-9_-]{{5,19}}(?![a-z0-9_-])|[1-9]\d{{4,11}}(?!\d)(?!{_COUNTED}))"
_NAMED = re.compile(
    rf"(?:{_CHINESE_SERVICES}|{_LATIN_SERVICES}){_OF_SERVICE}{_LINK}{_ACCOUNT}", re.IGNORECASE
)
# Letters alone may be any word: they are an account after a word that says so and nothing else.
_LETTERS = r"([a-z][a-z_-]{5,19})(?![a-z0-9_-])(?!\s+[a-z])"
_LETTERS_NAMED = re.compile(
    r"(?:(?:微\s?信|薇信|威信|v信|扣扣)\s*(?:(?:号码|账号|帐号|号|號|id|名)\s*(?:[:：]|是|为)?|[:：]|是|为)"
    rf"|加\s?v\s*[:：]?|(?<![a-z])(?:vx|wx)\s*(?:号|id)?\s*[:：]?)\s*{_LETTERS}"
    r"|(?<![a-z])(?:wechat|weixin|whatsapp|telegram|skype|qq)\s*(?:id|account|number|name)?"
    rf"\s*[:=]\s*{_LETTERS}",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(
    r"(?<![a-z0-9_-])([a-z](?=[a-z_-]*[0-9_-])[a-z0-9_-]{5,19})"
    r"\s*[,，(（]?\s*(?:是我(?:的)?|这是我(?:的)?|is my|on)?\s*"
    rf"(?:{_CHINESE_SERVICES}|we\s?chat(?![a-z])|weixin(?![a-z])|whats\s?app(?![a-z]))",
    re.IGNORECASE,
)
# What the messenger itself makes up for who chose no name.
_MADE_UP = re.compile(r"(?<![a-z0-9_])wxid_[a-z0-9]{6,32}", re.IGNORECASE)


def emails(shown: str) -> Iterator[Span]:
    """Yield where email addresses stand, in words and with other signs too."""
    for pattern in _EMAILS:
        yield from (found.span() for found in pattern.finditer(shown))


def accounts(shown: str) -> Iterator[Span]:
    """Yield where messenger accounts stand that are called so."""
    for found in _NAMED.finditer(shown):
        if any(sign.isdigit() or sign in "_-" for sign in found[1]) and not numbers.is_day(found[1]):
            yield found.span(1)
    yield from (found.span(1 if found[1] else 2) for found in _LETTERS_NAMED.finditer(shown))
    yield from (found.span(1) for found in _AFTERWARDS.finditer(shown))
    yield from (found.span() for found in _MADE_UP.finditer(shown))
