"""What a file that a person chose holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.functional import Promise

from feedback_site.questionnaires.document import Document, QuestionContent, write_document
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.services.exchange import (
    DefinitionError,
    DefinitionProblem,
    read_definition,
    sound_document,
)
from feedback_site.questionnaires.services.exchange.reading import MOST_BYTES
from feedback_site.questionnaires.services.exchange.trying import faults_after_import
from feedback_site.questionnaires.services.exchange.xlsform import Listed, is_workbook, read_xlsform

_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Checked:
    """A questionnaire that can be imported, or None, with what was left out and what stands against it.

    Its questions are in words. `problems` (or the `refusal`) keep it from being imported, `faults` will keep
    its draft from being published.
    """

    document: Document | None = None
    listed: Sequence[Listed] = ()
    refusal: Promise | str = ""
    problems: Sequence[DefinitionProblem] = ()
    faults: Sequence[str] = ()

    @property
    def questions(self) -> list[tuple[QuestionContent, Promise | str]]:
        """Its questions, each with the name of its type."""
        asked = self.document.questions if self.document else ()
        return [(question, QUESTION_CLASSES[question.type].label) for question in asked]


def check_upload(stream: BinaryIO, *, name: str) -> Checked:
    """Read a definition, or an XLSForm. Raises `DomainError` where it is neither."""
    stream.seek(0)
    head = stream.read(4)
    stream.seek(0)
    if not is_workbook(head):
        return examine(read_definition(stream.read(MOST_BYTES + 1)))
    form = read_xlsform(stream, name=name)
    if form.refusal:
        return Checked(listed=form.listed, refusal=form.refusal)
    return examine(write_document(form.document), listed=form.listed)


def examine(definition: object, *, listed: Sequence[Listed] = ()) -> Checked:
    """Say what would come of a definition."""
    try:
        document = sound_document(definition)
    except DefinitionError as error:
        return Checked(listed=listed, problems=error.problems[:_MOST_SHOWN])
    return Checked(document, listed, faults=faults_after_import(document)[:_MOST_SHOWN])
