"""What a condition may depend on, with the comparisons and the values that can be picked for each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.common.languages import reader_language
from feedback_site.customers.models import Segment
from feedback_site.questionnaires.document import ConditionTest, QuestionContent
from feedback_site.questionnaires.enums import ConditionOperator, EventFact, OptionRole
from feedback_site.questionnaires.models import Question
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.questions.base import SAMENESS
from feedback_site.service_events.enums import Priority
from feedback_site.service_events.models import ServiceChannel, ServiceKind

Values = tuple[tuple[str, str], ...]
_TRUTHS = {EventFact.IS_COMPLAINT, EventFact.IS_RESOLVED}
_MOST_CHARACTERS = 60


@dataclass(frozen=True)
class ConditionSubject:
    """A question or a fact.

    `values` are (value as stored, label); where they are empty, the value is typed and of `kind`.
    """

    reference: str
    label: str
    operators: tuple[ConditionOperator, ...]
    values: Values = ()
    kind: str = "words"
    question_id: int | None = None
    fact: str = ""


def question_subjects(questions: Iterable[Question]) -> list[ConditionSubject]:
    """Return the questions that a condition may depend on, in their order.

    `questions` come with their options.
    """
    return [
        _subject_of(number, question)
        for number, question in enumerate(questions, 1)
        if QUESTION_CLASSES[question.type].operators
    ]


def fact_subjects(teams: QuerySet[Team]) -> list[ConditionSubject]:
    """Return the facts of an event that a condition may depend on.

    `teams` are those that the author may name.
    """
    known: Mapping[str, Values] = {
        EventFact.KIND: _named(ServiceKind.objects.order_by("slug")),
        EventFact.CHANNEL: _named(ServiceChannel.objects.order_by("slug")),
        EventFact.SEGMENT: _named(Segment.objects.order_by("slug")),
        EventFact.TEAM: tuple((team.code, team.name) for team in teams.order_by("code")),
        EventFact.PRIORITY: tuple((str(value), str(label)) for value, label in Priority.choices),
        **dict.fromkeys(_TRUTHS, (("yes", _("yes")), ("no", _("no")))),
    }
    return [
        ConditionSubject(
            reference=f"e-{fact.value}",
            label=str(fact.label),
            operators=SAMENESS if fact not in _TRUTHS else (ConditionOperator.EQUALS,),
            values=known.get(fact, ()),
            fact=fact.value,
        )
        for fact in EventFact
    ]


def names_of_values(tests: Iterable[ConditionTest]) -> dict[tuple[str, str], str]:
    """Return what the values that conditions on the event name are called, by fact and value.

    A team stays its code, no matter who reads it.
    """
    tables: Mapping[str, QuerySet[Any]] = {
        EventFact.KIND: ServiceKind.objects.all(),
        EventFact.CHANNEL: ServiceChannel.objects.all(),
        EventFact.SEGMENT: Segment.objects.all(),
    }
    wanted: dict[str, set[str]] = {}
    for test in tests:
        wanted.setdefault(test.name, set()).add(str(test.compared))
    named = {
        (fact, row.slug): row.name
        for fact, rows in tables.items()
        if fact in wanted
        for row in rows.filter(slug__in=wanted[fact])
    }
    priorities = {(EventFact.PRIORITY.value, str(value)): str(label) for value, label in Priority.choices}
    return {(str(fact), value): name for (fact, value), name in named.items()} | priorities


def _subject_of(number: int, question: Question) -> ConditionSubject:
    text = str(question.text)
    return ConditionSubject(
        reference=f"q-{question.pk}",
        label=f"{number}. {text[:_MOST_CHARACTERS]} ({question.key})",
        operators=QUESTION_CLASSES[question.type].operators,
        values=_values_of(question),
        kind=QUESTION_CLASSES[question.type].answer_kind.value,
        question_id=question.pk,
    )


def _values_of(question: Question) -> Values:
    kind = QUESTION_CLASSES[question.type]
    if kind.fixed_options:
        language = reader_language().value
        return tuple((option.key, option.text[language]) for option in kind.fixed_options)
    if kind.has_options:
        options = sorted(question.options.all(), key=lambda option: (option.position, option.pk))
        return tuple(
            (option.key, _option_text(option)) for option in options if option.role == OptionRole.OPTION
        )
    try:
        scores = kind(
            QuestionContent(key=question.key, type=question.type, settings=question.settings)
        ).scores
    except (TypeError, ValueError):  # settings from elsewhere that publishing will refuse
        return ()
    return tuple((str(score), str(score)) for score in scores)


def _option_text(option: Any) -> str:
    return str(option.text) or str(option.key)


def _named(rows: QuerySet[Any]) -> Values:
    return tuple((row.slug, row.name) for row in rows)
