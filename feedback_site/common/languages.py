"""The languages customers are asked in, and those of them that the organisation writes in."""

from collections.abc import Callable, Sequence

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """What a customer reads; values are Django's language codes."""

    CHINESE = "zh-hans", _("Simplified Chinese")
    ENGLISH = "en", _("English")


# How a language is named in HTML and in names of columns and inputs, which take no hyphen.
HTML_LANGUAGES = {Language.CHINESE.value: "zh-Hans", Language.ENGLISH.value: "en"}
SUFFIXES = {language.value: language.value.replace("-", "_") for language in Language}

_readers: list[Callable[[], Sequence[str]]] = []


def provide_languages(read: Callable[[], Sequence[str]]) -> None:
    """State how the organisation's languages are read; the latest statement holds."""
    _readers[:] = [read]


def organisation_languages() -> tuple[Language, ...]:
    """Return the languages that the organisation writes in, its default language first."""
    return tuple(Language(code) for code in _readers[0]()) if _readers else tuple(Language)


def is_chinese(code: str) -> bool:
    """Return whether a language code, or a locale's name, is one of Chinese."""
    return code.lower().startswith("zh")


def reads_chinese() -> bool:
    """Return whether the active language is Chinese."""
    return is_chinese(get_language() or "")


def reader_language() -> Language:
    """Return the active language, English where it is neither of ours."""
    return Language.CHINESE if reads_chinese() else Language.ENGLISH
