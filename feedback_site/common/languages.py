"""The languages customers are asked in, and the names that staff give things in both."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """What a customer reads; values are Django's language codes."""

    CHINESE = "zh-hans", _("Simplified Chinese")
    ENGLISH = "en", _("English")


def is_chinese(code: str) -> bool:
    """Return whether a language code, or a locale's name, is one of Chinese."""
    return code.lower().startswith("zh")


def reads_chinese() -> bool:
    """Return whether the active language is Chinese."""
    return is_chinese(get_language() or "")


def reader_language() -> Language:
    """Return the active language, English where it is neither of ours."""
    return Language.CHINESE if reads_chinese() else Language.ENGLISH


class BilingualName(models.Model):
    """Something named in both languages; `name` gives the reader's."""

    name_en = models.CharField(_("name (English)"), max_length=120)
    name_zh_hans = models.CharField(_("name (Chinese)"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the reader."""
        return self.name_zh_hans if reads_chinese() else self.name_en
