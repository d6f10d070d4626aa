"""Reading answers that were given to other forms than ours: in part, and with numbers as spreadsheets write them."""

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from surveys.questions import CompiledQuestion
from surveys.services.answering import ReadAnswers, read_answers
from surveys.services.pages import CompiledQuestionnaire

_WHOLE = re.compile(r"(\d+)\.0+")


def read_given(questionnaire: CompiledQuestionnaire, fields: Mapping[str, Sequence[str]]) -> ReadAnswers:
    """Check what was answered (question key -> values). Questions not answered were perhaps not asked there: none is required.

    "5.0" is the score 5. Errors are by question key; the empty key is the answer as a whole.
    """
    given = {key: values for key, values in fields.items() if any(value.strip() for value in values)}
    questions = {question.key: question for question in questionnaire.questions}
    by_question: dict[str, dict[str, Sequence[str]]] = {}
    for name, values in given.items():
        by_question.setdefault(name.partition(".")[0], {})[name] = values
    unknown = by_question.keys() - questions.keys()
    if unknown:
        known = ", ".join(questions)
        return ReadAnswers({}, {key: _("Unknown question. Known are: %(known)s") % {"known": known} for key in sorted(unknown)})
    asked = [question for question in questionnaire.questions if question.key in by_question]
    fields = {name: _plain(question, values) for question in asked for name, values in by_question[question.key].items()}
    return read_answers(asked, fields)


def _plain(question: CompiledQuestion, values: Sequence[str]) -> list[str]:
    if not question.scores:
        return list(values)
    return [whole.group(1) if (whole := _WHOLE.fullmatch(value.strip())) else value for value in values]
