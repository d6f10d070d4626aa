"""How much of a draft is written in each language, and what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from feedback_site.common.languages import organisation_languages
from feedback_site.common.listing import labelled
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.questions import QUESTION_CLASSES

# Texts that need not be there; written in one language they are wanted in the other.
_OPTIONAL = {"intro", "privacy", "help", "low_label", "high_label"}


@dataclass(frozen=True)
class Text:
    """One text of a draft, with the languages that lack it.

    What it belongs to (`kind` and key of the row), and what it is.
    """

    label: str
    kind: str
    row_id: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Completeness:
    """Texts written of those needed, by language."""

    texts: tuple[Text, ...]

    @property
    def needed(self) -> int:
        """How many texts there are to write in each language."""
        return len(self.texts)

    def written(self, language: str) -> int:
        """How many are written in `language`."""
        return sum(language not in text.missing for text in self.texts)

    @property
    def by_language(self) -> list[tuple[str, str, int]]:
        """Language, its name, and how many texts it has."""
        return [
            (language.value, str(language.label), self.written(language.value))
            for language in organisation_languages()
        ]

    @property
    def gaps(self) -> list[Text]:
        """The texts that some language lacks."""
        return [text for text in self.texts if text.missing]


def completeness_of(questionnaire: Questionnaire) -> Completeness:
    """Return how complete a draft is.

    `questionnaire` comes with questions, options and end pages prefetched, or asks for them.
    """
    return Completeness(tuple(_texts_of(questionnaire)))


def _texts_of(questionnaire: Questionnaire) -> Iterator[Text]:
    own = [
        ("title", _("title")),
        ("intro", _("introduction")),
        ("thanks", _("thanks")),
        ("privacy", _("privacy notice")),
    ]
    yield from _texts(questionnaire, "questionnaire", questionnaire.pk, own)
    for question in sorted(questionnaire.questions.all(), key=lambda one: (one.page, one.position, one.pk)):
        parts = [
            ("text", question.key),
            ("help", labelled(question.key, _("help"))),
            ("low_label", labelled(question.key, _("lowest"))),
            ("high_label", labelled(question.key, _("highest"))),
        ]
        yield from _texts(question, "question", question.pk, parts)
        kind = QUESTION_CLASSES[question.type]
        if kind.has_options or kind.has_rows:
            for option in question.options.all():
                yield from _texts(
                    option, "question", question.pk, [("text", labelled(question.key, option.key))]
                )
    for end in questionnaire.end_pages.all():
        yield from _texts(end, "endpage", end.pk, [("text", end.key)])


def _texts(row: Any, kind: str, row_id: int, parts: list[tuple[str, str]]) -> Iterator[Text]:
    for name, label in parts:
        texts = getattr(row, name)
        if texts or name not in _OPTIONAL:
            missing = (language.value for language in organisation_languages() if language not in texts)
            yield Text(label, kind, row_id, tuple(missing))
