"""The library: questionnaires to begin with, each a file in the format of definitions.

What was added belongs to staff, who edit it.
"""

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from django.utils.text import slugify
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.common.exceptions import ConflictError, NotFoundError
from feedback_site.common.languages import reader_language
from feedback_site.evaluations.models import Indicator
from feedback_site.questionnaires.document import Document, read_document
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.services.exchange.importing import import_document

_FOLDER = Path(__file__).resolve().parents[2] / "library"
_LONGEST_SLUG = 60


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """One questionnaire of the library."""

    document: Document

    @property
    def slug(self) -> str:
        """What the shared questionnaire made of it is called."""
        return self.document.slug

    @property
    def name(self) -> str:
        """What staff call it, in the reader's language."""
        return self.document.name[reader_language().value]

    def slug_for(self, team: Team | None) -> str:
        """Return what a team's own copy is called: teams do not share, so the name says whose it is."""
        return self.slug if team is None else f"{self.slug}-{slugify(team.code)}"[:_LONGEST_SLUG]


@cache
def library() -> tuple[LibraryEntry, ...]:
    """Return what the library holds, in the order in which it is offered."""
    files = sorted(_FOLDER.glob("*.json"))
    return tuple(LibraryEntry(read_document(json.loads(file.read_bytes()))) for file in files)


def add_from_library(*, slug: str, team: Team | None) -> Questionnaire:
    """Make a draft of an entry, shared or owned by a team, and return it.

    Raises NotFoundError, ConflictError where it was added before.
    """
    entry = next((entry for entry in library() if entry.slug == slug), None)
    if entry is None:
        raise NotFoundError(_("The library has no such questionnaire."))
    known = set(Indicator.objects.values_list("slug", flat=True))
    # An organisation may have done away with an indicator; the question is good without it.
    questions = [
        question if question.indicator in known else replace(question, indicator="")
        for question in entry.document.questions
    ]
    document = replace(entry.document, slug=entry.slug_for(team), questions=tuple(questions))
    return import_document(document=document, team=team)


def load_library() -> list[Questionnaire]:
    """Add every entry that is not here yet, shared by all, and return what was added.

    What is here stays as staff have made it.
    """
    added = []
    for entry in library():
        try:
            added.append(add_from_library(slug=entry.slug, team=None))
        except ConflictError:
            continue
    return added
