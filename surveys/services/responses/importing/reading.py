"""Reads answers that were given to other forms than ours.

They may be given in part, with numbers as spreadsheets write them.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from feedback_site.common.listing import in_sequence, listed
from feedback_site.questionnaires.questions import CompiledQuestion, InvalidAnswer
from feedback_site.questionnaires.questions.cells import Cells
from feedback_site.questionnaires.questions.contact import GIVEN
from feedback_site.questionnaires.selectors.event_facts import event_facts
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire
from feedback_site.questionnaires.walk import ReadAnswers, Walk, is_of_set, key_of


def read_given(
    questionnaire: CompiledQuestionnaire,
    fields: Mapping[str, Sequence[str]],
    *,
    question_set: str = "",
    event_id: uuid.UUID | None = None,
) -> ReadAnswers:
    """Check what was answered (question key -> values).

    Questions not answered were perhaps not asked there: none is required.

    "5.0" is the score 5. A question of another rotating set than `question_set` was not asked
    of this customer. Errors are by question key; the empty key is the answer as a whole.
    """
    given = {key: values for key, values in fields.items() if any(value.strip() for value in values)}
    questions = {question.key: question for question in questionnaire.questions}
    by_question: dict[str, dict[str, Sequence[str]]] = {}
    for name, values in given.items():
        by_question.setdefault(key_of(name), {})[name] = values
    unknown = by_question.keys() - questions.keys()
    if unknown:
        known = listed(questions)
        return ReadAnswers(
            {},
            {key: _("Unknown question. Known are: %(known)s") % {"known": known} for key in sorted(unknown)},
        )
    asked = [question for question in questionnaire.questions if question.key in by_question]
    others = {
        question.key: _("This question belongs to another question rotation group.")
        for question in asked
        if not is_of_set(question, question_set)
    }
    others |= {
        question.key: _("Files and signatures are given on our own pages only.")
        for question in asked
        if question.is_kept
    }
    others |= {question.key: _("A heading takes no answer.") for question in asked if not question.asks}
    if others:
        return ReadAnswers({}, others)
    facts = event_facts(event_id).tested if questionnaire.needs_facts else {}
    plain, wrong = _fields_of(asked, by_question)
    asked = [question for question in asked if question.key in plain]
    fields = {name: values for part in plain.values() for name, values in part.items()}
    return _with_what_is_aside(Walk([asked], fields, facts, question_set), plain, wrong)


def _fields_of(
    asked: Sequence[CompiledQuestion], cells: Mapping[str, Cells]
) -> tuple[dict[str, Cells], dict[str, str]]:
    """Return the fields of each question that was answered, and why the cells of some cannot be read.

    Cells that cannot be read are handed on as they are.
    """
    fields: dict[str, Cells] = {}
    wrong: dict[str, str] = {}
    for question in asked:
        try:
            found: Cells = question.fields_of_cells(cells[question.key])
        except InvalidAnswer as error:
            found, wrong[question.key] = cells[question.key], str(error)
        if found:
            fields[question.key] = found
    return fields, wrong


def _with_what_is_aside(walk: Walk, cells: Mapping[str, Cells], wrong: Mapping[str, str]) -> ReadAnswers:
    """Return what was read, with the errors of what is on the path.

    Every answer that is off the path stands beside it, readable or not.
    """
    read = walk.read
    counting = {question.key for question in walk.counting}
    read_aside = {key_of(name) for name in read.off_path}
    unread = [question for question in walk.questions if question.key not in counting | read_aside]
    aside = {
        question.key: GIVEN if question.acts_elsewhere else _as_text(cells[question.key])
        for question in unread
    }
    errors = {**read.errors, **{key: reason for key, reason in wrong.items() if key in counting}}
    # What no question could read is text as any other that people write.
    words = None if read.words is None else read.words | aside.keys()
    return replace(read, errors=errors, off_path={**read.off_path, **aside}, words=words)


def _as_text(cells: Cells) -> str:
    return in_sequence(value.strip() for values in cells.values() for value in values)


def set_of(questionnaire: CompiledQuestionnaire, fields: Mapping[str, Sequence[str]]) -> str | None:
    """Return the rotating set that was asked, as far as the answers tell; None: they do not."""
    keys = {key_of(name) for name, values in fields.items() if any(value.strip() for value in values)}
    answered = {question.question_set for question in questionnaire.questions if question.key in keys}
    return next(iter(answered - {""})) if len(answered - {""}) == 1 else None
