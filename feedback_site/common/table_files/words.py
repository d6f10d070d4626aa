"""Words of tables in either language, brought to the one that fields take."""

import unicodedata
from collections.abc import Iterable, Mapping

from django.utils import translation
from django.utils.functional import Promise

from feedback_site.common.languages import Language

_YES = {
    "是",
    "有",
    "对",
    "真",
    "√",
    "✓",
    "✔",
    "yes",
    "y",
    "true",
    "t",
    "1",
    "1.0",
    "on",
    "已",
    "同意",
    "允许",
    "已同意",
}
_NO = {
    "否",
    "无",
    "没有",
    "不",
    "不是",
    "假",
    "×",
    "✗",
    "✘",
    "x",
    "no",
    "n",
    "false",
    "f",
    "0",
    "0.0",
    "off",
    "未",
    "不同意",
    "不允许",
    "拒绝",
}
# What people and systems write where they know nothing. Zeros alone
# are such a word for a customer, and may be a ticket's number.
_NOTHING = {
    *(
        "无",
        "暂无",
        "没有",
        "空",
        "未知",
        "不详",
        "不明",
        "未留",
        "未提供",
        "未填",
        "未填写",
        "无法提供",
        "拒绝提供",
        "拒绝",
        "保密",
        "同上",
        "略",
    ),
    *(
        "none",
        "null",
        "nan",
        "n/a",
        "n.a.",
        "n.a",
        "#n/a",
        "undefined",
        "unknown",
        "notprovided",
        "sameasabove",
        "ditto",
    ),
}

_PUNCTUATION = {"Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk"}


def says_nothing(text: str) -> bool:
    """Return whether a word stands where a name or a number is not known: 无, N/A, a dash."""
    word = plain(text)
    return word in _NOTHING or all(unicodedata.category(character) in _PUNCTUATION for character in word)


# An absence says no of a complaint; of a consent it says that the customer was not asked.
ABSENCE = {"无", "没有"}


def plain(text: str) -> str:
    """Return a word as it is compared: full-width forms, case and spaces mean nothing."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def flag(text: str) -> str:
    """Return `true` or `false` for a word that says yes or no, any other as it was."""
    word = plain(text)
    if word in _YES:
        return "true"
    return "false" if word in _NO else text


def choices_by_word(choices: Iterable[tuple[object, Promise | str]]) -> Mapping[str, str]:
    """Return the values of an enumeration by their own words and by their labels in either language."""
    words: dict[str, str] = {}
    for value, label in choices:
        words[plain(str(value))] = str(value)
        for language in Language.values:
            with translation.override(language):
                words.setdefault(plain(str(label)), str(value))
    return words


def unique_names(named: Iterable[tuple[str, Iterable[str]]]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return codes by name where one name means one code, and the codes of those that mean several."""
    codes: dict[str, list[str]] = {}
    for code, names in named:
        for word in {plain(name) for name in names if name}:
            codes.setdefault(word, []).append(code)
    return {word: found[0] for word, found in codes.items() if len(found) == 1}, {
        word: sorted(found) for word, found in codes.items() if len(found) > 1
    }
