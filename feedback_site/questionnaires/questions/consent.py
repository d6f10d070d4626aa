"""Consent to a text: which text it was follows from the published version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback_site.customers.enums import CONSENT_PURPOSES, Purpose
from feedback_site.questionnaires.document import QuestionContent
from feedback_site.questionnaires.questions.base import Fields, Schema
from feedback_site.questionnaires.questions.cells import in_both, word_of
from feedback_site.questionnaires.questions.settings import Setting, SettingKind
from feedback_site.questionnaires.questions.yes_no import YesNoQuestion

_AGREES = {"yes": {"agree", "同意"}, "no": {"disagree", "不同意"}}
_PURPOSES = tuple((purpose, Purpose(purpose).label) for purpose in CONSENT_PURPOSES)


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """What the customer allows or refuses."""

    purpose: str
    is_granted: bool


class ConsentQuestion(YesNoQuestion):
    """Yes or no to what the question says.

    With a purpose in its settings the customer's consent to it is recorded, or withdrawn.
    """

    name = "consent"
    label = gettext_lazy("Consent")
    order = 140
    known_settings: ClassVar[Mapping[str, Schema]] = {"purpose": {"type": "string", "maxLength": 40}}
    seconds = 6
    # To agree to a text says nothing of the service.
    feedable: ClassVar[frozenset[str]] = frozenset()
    settings_fields = (
        Setting(
            "purpose",
            gettext_lazy("consent to"),
            SettingKind.CHOICE,
            default="",
            choices=(("", gettext_lazy("what the question says, on record nowhere else")), *_PURPOSES),
        ),
    )

    @classmethod
    def faults(cls, content: QuestionContent) -> Iterator[str]:
        """A purpose that we know, or none."""
        purpose = content.settings.get("purpose", "")
        if purpose and purpose not in CONSENT_PURPOSES:
            yield _("“%(purpose)s” is nothing that customers consent to.") % {"purpose": purpose}

    @property
    def acts_elsewhere(self) -> bool:
        """Whether a consent is recorded."""
        return bool(self.settings.get("purpose"))

    def read_aside(self, fields: Fields) -> ConsentGiven | None:
        """Return what was allowed or refused, None when nothing was said or no purpose is meant."""
        purpose, answer = self.settings.get("purpose", ""), self.one_value(fields)
        return ConsentGiven(purpose, answer == "yes") if purpose and answer else None

    @property
    def more_words(self) -> Mapping[str, str]:
        """Return what people write for yes and no, and for agreeing or not."""
        agrees = {word: key for key, words in _AGREES.items() for word in words}
        agrees |= {word_of(text): "yes" for text in in_both(lambda: _("I agree")).values()}
        agrees |= {word_of(text): "no" for text in in_both(lambda: _("I do not agree")).values()}
        return {**super().more_words, **agrees}

    def context(self, *, language: str, values: Fields, error: str) -> dict[str, Any]:
        """Return yes and no as agreement."""
        shown = super().context(language=language, values=values, error=error)
        words: Mapping[str, str] = {"yes": _("I agree"), "no": _("I do not agree")}
        return {**shown, "choices": [{**choice, "text": words[choice["key"]]} for choice in shown["choices"]]}
