"""Texts of an XLSForm in our two languages.

Found by the names that people give the languages, and none left out without a word.
"""

import re
from collections import defaultdict

from django.utils.translation import gettext as _

from feedback_site.common.languages import Language
from feedback_site.questionnaires.document import Texts
from feedback_site.questionnaires.services.exchange.xlsform.form import Notes

ENGLISH, CHINESE = Language.ENGLISH.value, Language.CHINESE.value
_NAMES = {
    ENGLISH: {"en", "eng", "english", "英文", "英语"},
    CHINESE: {"zh", "zho", "chi", "cn", "chinese", "mandarin", "hans", "中文", "汉语", "简体中文", "普通话"},
}
_CODE = re.compile(r"\(([A-Za-z]{2,3})(?:[-_][A-Za-z]+)*\)\s*$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_REFERENCE = re.compile(r"\$\{\s*([^}]+?)\s*\}")
_BEYOND_STORING = re.compile("[\x00\ud800-\udfff]")


def language_of(name: str) -> str:
    """Return our language for a name such as `English (en)`, `Chinese`, `zh-CN`.

    Empty where it is another.
    """
    found = _CODE.search(name)
    words = [found[1]] if found else [name, *re.split(r"[-_ (]", name)[:1]]
    return next(
        (code for code, names in _NAMES.items() for word in words if word.strip().lower() in names), ""
    )


class TextReader:
    """Reads texts, and remembers which language was missing and which belonged to no language of ours."""

    def __init__(self, notes: Notes, *, default_language: str) -> None:
        self.notes = notes
        self.default_language = default_language
        self._missing: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._foreign: defaultdict[tuple[str, str], list[int]] = defaultdict(list)

    def texts(self, value: object, *, row: int, most: int, sheet: str = "survey") -> Texts:
        """Return a text in both languages, each at most `most` characters.

        What only one language says stands for both.
        """
        given = {name: clean(text) for name, text in _flat(value) if clean(text)}
        found: dict[str, str] = {}
        others: dict[str, str] = {}
        for name, text in given.items():
            code = language_of(self.default_language if name == "default" else name)
            if name == "default" and not code:
                code = CHINESE if _HAN.search(text) else ENGLISH
            if code and code not in found:
                found[code] = text
            else:
                others[name] = text
        for name in others:
            self._foreign[sheet, name].append(row)
        return self._both(found, others, row=row, most=most, sheet=sheet)

    def _both(
        self, found: dict[str, str], others: dict[str, str], *, row: int, most: int, sheet: str
    ) -> Texts:
        stand_in = found.get(ENGLISH) or found.get(CHINESE) or next(iter(others.values()), "")
        texts = {}
        for code in (ENGLISH, CHINESE):
            if stand_in and code not in found:
                self._missing[sheet, code].append(row)
            texts[code] = self._fitting(found.get(code, stand_in), row=row, most=most, sheet=sheet)
        for reference in dict.fromkeys(_REFERENCE.findall(stand_in)):
            self.notes.add(
                row,
                _("the text refers to the answer “%(name)s”, which is not filled in.") % {"name": reference},
                sheet=sheet,
            )
        return texts

    def _fitting(self, text: str, *, row: int, most: int, sheet: str) -> str:
        if len(text) <= most:
            return text
        self.notes.add(
            row,
            _("a text has %(length)s characters; it was cut to %(most)s.")
            % {"length": len(text), "most": most},
            sheet=sheet,
        )
        return text[: most - 1] + "…"

    def close(self) -> None:
        """List what was missing, once for each sheet and language."""
        names = {ENGLISH: _("English"), CHINESE: _("Chinese")}
        for (sheet, code), rows in self._missing.items():
            sentence = _("the %(language)s text is missing; the other one stands in its place.") % {
                "language": names[code]
            }
            for row in rows:
                self.notes.add(row, sentence, sheet=sheet)
        for (sheet, name), rows in self._foreign.items():
            for row in rows:
                self.notes.add(
                    row, _("texts in “%(language)s” are not kept.") % {"language": name[:60]}, sheet=sheet
                )


def _flat(value: object) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [(str(name), str(text)) for name, text in value.items() if not isinstance(text, dict)]
    return [("default", str(value))] if value else []


def clean(text: str) -> str:
    """Return a text without what cannot be stored and blanks around it."""
    return _BEYOND_STORING.sub("", text).strip()
