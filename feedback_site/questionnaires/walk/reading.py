"""Reads what a form says as answers to a questionnaire: checked, and what they count as."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from feedback_site.questionnaires.enums import Metric
from feedback_site.questionnaires.questions import Answer, CompiledQuestion, Fields, InvalidAnswer
from feedback_site.questionnaires.rules.conditions import Values, is_met


@dataclass(frozen=True)
class ReadAnswers:
    """One set of answers: `answers` or `errors`, by question key.

    An empty key among the errors is the form as a whole.

    `off_path` are answers to questions that other answers took off the path. `scores` are the scores that
    count, by metric; `asides` what takes effect elsewhere, by question key: contacts, consents. `words` are
    the names of what was written freely; None: any text.
    """

    answers: Mapping[str, Answer]
    errors: Mapping[str, str]
    scores: Mapping[str, int] = field(default_factory=dict)
    off_path: Mapping[str, Answer] = field(default_factory=dict)
    asides: Mapping[str, object] = field(default_factory=dict, repr=False)
    words: frozenset[str] | None = None


def word_names(questions: Iterable[CompiledQuestion]) -> frozenset[str]:
    """Return the names under which these questions store what people write freely."""
    return frozenset(name for question in questions for name in question.word_names)


def key_of(name: str) -> str:
    """Return the key of the question that a field, or what is stored under a name, belongs to."""
    return name.partition(".")[0]


def fields_of(questions: Iterable[CompiledQuestion], answers: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """Return the fields that show stored answers again."""
    return {name: values for question in questions for name, values in question.fields_of(answers).items()}


def is_of_set(question: CompiledQuestion, question_set: str) -> bool:
    """Say whether a question is asked of those who drew a rotating set; one of no set is asked of all."""
    return question.question_set in {"", question_set}


def ending_among(
    questions: Iterable[CompiledQuestion], answers: Mapping[str, Answer]
) -> CompiledQuestion | None:
    """Return the question whose answer ends all asking, if it was answered."""
    for question in questions:
        if question.ends_all and question.key in answers:
            return question
    return None


def read_answers(asked: Sequence[CompiledQuestion], fields: Fields, *, facts: Values) -> ReadAnswers:
    """Check `fields` (name -> values as sent) against what may be asked.

    Unknown names are ignored and never stored.
    """
    read = _Reading(fields, facts)
    for question in asked:
        read.take(question)
    end = ending_among(asked, read.answers)
    if end is not None:
        read.end_with(end, asked)
    if not read.answers and not read.errors:
        read.errors[""] = _("Please answer at least one question.")
    return ReadAnswers(read.answers, read.errors, read.scores, read.off_path, read.asides, word_names(asked))


class _Reading:
    """Reads question after question: each may depend on those before it."""

    def __init__(self, fields: Fields, facts: Values) -> None:
        self._fields, self._facts = fields, facts
        self.answers: dict[str, Answer] = {}
        self.errors: dict[str, str] = {}
        self.off_path: dict[str, Answer] = {}
        self.scores: dict[str, int] = {}
        self.asides: dict[str, object] = {}

    def take(self, question: CompiledQuestion) -> None:
        """Read one question, or set aside what was answered before it left the path."""
        if not is_met(question.condition, answers=self.answers, facts=self._facts):
            self.off_path.update(_read_leniently(question, self._fields))
            return
        try:
            given = question.read(self._fields)
            aside = question.read_aside(self._fields) if given else None
        except InvalidAnswer as error:
            self.errors[question.key] = str(error)
            return
        self.answers.update(given)
        if aside is not None:
            self.asides[question.key] = aside
        score = given.get(question.key)
        if question.metric != Metric.NONE and isinstance(score, int):
            self.scores[question.metric] = score

    def end_with(self, end: CompiledQuestion, asked: Sequence[CompiledQuestion]) -> None:
        """Let the answer to `end`, which stands on the path, be the only one that counts.

        Nothing else has to be right then.
        """
        self.off_path = {
            key: answer
            for question in asked
            if question is not end
            for key, answer in _read_leniently(question, self._fields).items()
        }
        self.answers = end.read(self._fields)
        self.errors, self.scores = {}, {}
        self.asides = {key: aside for key, aside in self.asides.items() if key == end.key}


def _read_leniently(question: CompiledQuestion, fields: Fields) -> dict[str, Answer]:
    """Return what was answered before the question left the path; what cannot be read is no answer."""
    try:
        return question.read(fields)
    except InvalidAnswer:
        return {}
