"""Reading answers that were given to other forms than ours: in part, and with numbers as spreadsheets write them."""

import re
import uuid
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from feedback_site.common.listing import listed
from surveys.questions import CompiledQuestion
from surveys.selectors.event_facts import event_facts
from surveys.services.answering import ReadAnswers, read_answers
from surveys.services.questionnaires import CompiledQuestionnaire

_WHOLE = re.compile(r"(\d+)\.0+")


def read_given(
    questionnaire: CompiledQuestionnaire, fields: Mapping[str, Sequence[str]], *, question_set: str = "", event_id: uuid.UUID | None = None
) -> ReadAnswers:
    """Check what was answered (question key -> values). Questions not answered were perhaps not asked there: none is required.

    "5.0" is the score 5. A question of another rotating set than `question_set` was not asked of this customer. Errors are by question
    key; the empty key is the answer as a whole.
    """
    given = {key: values for key, values in fields.items() if any(value.strip() for value in values)}
    questions = {question.key: question for question in questionnaire.questions}
    by_question: dict[str, dict[str, Sequence[str]]] = {}
    for name, values in given.items():
        by_question.setdefault(name.partition(".")[0], {})[name] = values
    unknown = by_question.keys() - questions.keys()
    if unknown:
        known = listed(questions)
        return ReadAnswers({}, {key: _("Unknown question. Known are: %(known)s") % {"known": known} for key in sorted(unknown)})
    asked = [question for question in questionnaire.questions if question.key in by_question]
    others = {
        question.key: _("This question belongs to another question rotation group.")
        for question in asked
        if _is_of_another(question, question_set)
    }
    others |= {question.key: _("Files and signatures are given on our own pages only.") for question in asked if question.is_kept}
    if others:
        return ReadAnswers({}, others)
    facts = event_facts(event_id).tested if questionnaire.needs_facts else None
    plain = {name: _plain(question, values) for question in asked for name, values in by_question[question.key].items()}
    return read_answers(asked, plain, facts=facts, question_set=question_set)


def set_of(questionnaire: CompiledQuestionnaire, fields: Mapping[str, Sequence[str]]) -> str | None:
    """Return the rotating set that was asked, as far as the answers tell; None: they do not."""
    keys = {name.partition(".")[0] for name, values in fields.items() if any(value.strip() for value in values)}
    answered = {question.question_set for question in questionnaire.questions if question.key in keys}
    return next(iter(answered - {""})) if len(answered - {""}) == 1 else None


def _is_of_another(question: CompiledQuestion, question_set: str) -> bool:
    return question.question_set not in {"", question_set}


def _plain(question: CompiledQuestion, values: Sequence[str]) -> list[str]:
    if not question.scores:
        return list(values)
    return [whole.group(1) if (whole := _WHOLE.fullmatch(value.strip())) else value for value in values]
