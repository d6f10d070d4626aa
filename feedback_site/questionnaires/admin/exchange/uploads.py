"""What a file that a person chose holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.services.exchange import DefinitionProblem, find_problems, read_definition
from feedback_site.questionnaires.services.exchange.reading import MOST_BYTES
from feedback_site.questionnaires.services.exchange.trying import faults_after_import
from feedback_site.questionnaires.services.exchange.xlsform import Listed, is_workbook, read_xlsform

_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Checked:
    """A definition that staff uploaded, with what was left out on the way to it and what stands against it.

    Its questions are in words. `problems` (or the `refusal`) keep it from being imported, `faults` will keep
    its draft from being published.
    """

    definition: Any
    listed: Sequence[Listed] = ()
    refusal: Any = ""
    problems: Sequence[DefinitionProblem] = ()
    faults: Sequence[str] = ()
    questions: Sequence[dict[str, Any]] = ()


def check_upload(stream: BinaryIO, *, name: str) -> Checked:
    """Read a definition, or an XLSForm. Raises `DomainError` where it is neither."""
    stream.seek(0)
    head = stream.read(4)
    stream.seek(0)
    if not is_workbook(head):
        return examine(read_definition(stream.read(MOST_BYTES + 1)))
    form = read_xlsform(stream, name=name)
    return (
        Checked(form.definition, form.listed, form.refusal)
        if form.refusal
        else examine(form.definition, listed=form.listed)
    )


def examine(definition: Any, *, listed: Sequence[Listed] = ()) -> Checked:
    """Say what would come of a definition."""
    problems = find_problems(definition)
    if problems:
        return Checked(definition, listed, problems=problems[:_MOST_SHOWN])
    questions = [
        {**question, "kind": QUESTION_CLASSES[question["type"]].label} for question in definition["questions"]
    ]
    return Checked(
        definition, listed, faults=faults_after_import(definition)[:_MOST_SHOWN], questions=questions
    )
