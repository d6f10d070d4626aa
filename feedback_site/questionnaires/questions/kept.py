"""What is kept apart from the answers, sealed, before they are sent: files and signatures.

An answer holds their fingerprints alone.
"""

import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback_site.common.public_pages.uploads import Upload
from feedback_site.questionnaires.questions.base import Answer, CompiledQuestion, Fields, Statistics
from feedback_site.questionnaires.questions.invalid import InvalidAnswer

Uploads = Mapping[str, Sequence[Upload]]
_FINGERPRINT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class FilesGiven:
    """The fingerprints of what was kept for a question and now belongs to the response."""

    fingerprints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """Something to keep: `kind` is `jpeg`, `png`, `heic`, `pdf`, `svg` or `text`."""

    kind: str
    content: bytes = field(repr=False)


class KeptQuestion(CompiledQuestion):
    """A question whose answers are kept as they arrive.

    Its field holds the fingerprints of what is kept already.

    `problem` (a field that only we fill) is the sentence about what arrived and could not be kept.
    """

    statistics = Statistics.SHARES
    is_kept = True
    # The fields that bring something new, after the key and a dot.
    parts: ClassVar[tuple[str, ...]] = ()

    @property
    def acts_elsewhere(self) -> bool:
        """Files are kept for the invitation they came to: no one who was not asked sends any."""
        return True

    @property
    @abstractmethod
    def most(self) -> int:
        """The most that is kept for an answer."""

    @property
    def is_replaced(self) -> bool:
        """Whether something new replaces what is kept."""
        return self.most == 1

    @abstractmethod
    def brought(self, fields: Fields, uploads: Uploads) -> list[Brought]:
        """Return what is new in a form, checked as far as a look at it tells. Raises InvalidAnswer."""

    def claimed(self, fields: Fields) -> list[str]:
        """Return the fingerprints in a form, each once.

        Raises InvalidAnswer where there is something else.
        """
        given = list(dict.fromkeys(self.words_in(fields)))
        if not all(_FINGERPRINT.fullmatch(value) for value in given):
            raise InvalidAnswer(_("We did not receive this. Please add it again."))
        return given

    def words_in(self, fields: Fields) -> list[str]:
        """Return what stands where fingerprints should.

        A field may hold several, with blanks between them.
        """
        return [word for value in fields.get(self.key, ()) for word in value.split()]

    def read(self, fields: Fields) -> dict[str, Answer]:
        """Read what is kept; whatever is new has to be kept before."""
        for problem in fields.get(f"{self.key}.problem", ())[:1]:
            raise InvalidAnswer(problem)
        if any(value.strip() for part in self.parts for value in fields.get(f"{self.key}.{part}", ())):
            raise InvalidAnswer(_("We did not receive this. Please add it again."))
        given = self.claimed(fields)
        if not given and self.is_required:
            raise InvalidAnswer(_("Please answer this question."))
        if len(given) > self.most:
            message = ngettext(
                "Please keep at most %(most)s file.", "Please keep at most %(most)s files.", self.most
            )
            raise InvalidAnswer(message % {"most": self.most})
        return {self.key: given} if given else {}

    def read_aside(self, fields: Fields) -> FilesGiven | None:
        """Return what the response takes over."""
        given = self.claimed(fields)
        return FilesGiven(tuple(given)) if given else None

    def fields_of(self, answers: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return the fingerprints."""
        return {self.key: list(answers[self.key])} if self.key in answers else {}

    def in_words(self, answers: Mapping[str, Any], *, language: str) -> str:
        """Return how many there are; what they show is for those who may open them."""
        count = len(answers.get(self.key, ()))
        return ngettext("%(count)d file", "%(count)d files", count) % {"count": count} if count else ""

    def context(self, *, language: str, values: Fields, error: str) -> dict[str, Any]:
        """Return what is kept so far."""
        kept = [word for word in self.words_in(values) if _FINGERPRINT.fullmatch(word)]
        return {
            **super().context(language=language, values=values, error=error),
            "kept": kept,
            "most": self.most,
        }
