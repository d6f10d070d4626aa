"""What the parts of a draft get when their author leaves it open: a key, a position, the usual metric."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Max, Model, QuerySet

from feedback_site.common.languages import Language
from feedback_site.questionnaires.document import UNSTATED, QuestionContent, Settings
from feedback_site.questionnaires.enums import Metric, OptionRole
from feedback_site.questionnaires.models import EndPage, Question, QuestionOption
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.rules.keys import propose_key


def complete_question(question: Question) -> None:
    """Fill in the key and the position (the last) of a question that lacks them. It is not saved."""
    others = Question.objects.filter(questionnaire_id=question.questionnaire_id).exclude(pk=question.pk)
    if not question.key:
        question.key = propose_key(
            question.text.get(Language.ENGLISH, ""), taken=_keys(others), instead="question"
        )
    if not question.position:
        question.position = _next_place(others)


def count_as_usual(question: Question) -> None:
    """Let a new question count as its type usually does, the first rating of a questionnaire as satisfaction.

    It is not saved.
    """
    others = Question.objects.filter(questionnaire_id=question.questionnaire_id).exclude(pk=question.pk)
    known = [_TypeAndMetric(kind, metric) for kind, metric in others.values_list("type", "metric")]
    question.metric = usual_metric(question.type, question.settings, known=known, before=known)


def propose_metrics(questions: Sequence[QuestionContent]) -> tuple[QuestionContent, ...]:
    """Return questions, each with what it counts as.

    As its author states, else as usual for its type and position.
    """
    stated = [_TypeAndMetric(one.type, one.metric) for one in questions if one.metric != UNSTATED]
    done: list[QuestionContent] = []
    for question in questions:
        before = [_TypeAndMetric(one.type, one.metric) for one in done]
        metric = question.metric
        if metric == UNSTATED:
            known = [*stated, *before]
            metric = usual_metric(question.type, question.settings, known=known, before=before)
        done.append(replace(question, metric=metric))
    return tuple(done)


@dataclass(frozen=True, slots=True)
class _TypeAndMetric:
    """The type of a question, and what it counts as."""

    kind: str
    metric: str


def usual_metric(
    kind: str, settings: Settings, *, known: Sequence[_TypeAndMetric], before: Sequence[_TypeAndMetric]
) -> str:
    """Return what a question counts as unless its author says otherwise.

    Nothing where one of the `known` counts as that already. Of the ratings the first one is that of the
    whole: one with others `before` it, or on another scale than satisfaction, is of a part.
    """
    metric = QUESTION_CLASSES[kind].usual_metric(settings)
    is_of_a_part = metric == Metric.SATISFACTION and any(_rates(one.kind) for one in before)
    is_taken = any(one.metric == metric for one in known)
    return Metric.NONE.value if is_of_a_part or is_taken else metric.value


def _rates(kind: str) -> bool:
    return Metric.SATISFACTION in QUESTION_CLASSES[kind].metrics


def complete_option(option: QuestionOption) -> None:
    """Fill in the key and the position (the last) of an option or row that lacks them.

    It is not saved.
    """
    others = QuestionOption.objects.filter(question_id=option.question_id, role=option.role).exclude(
        pk=option.pk
    )
    if not option.key:
        instead = "row" if option.role == OptionRole.ROW else "option"
        option.key = propose_key(option.text.get(Language.ENGLISH, ""), taken=_keys(others), instead=instead)
    if not option.position:
        option.position = _next_place(others)


def complete_end_page(end: EndPage) -> None:
    """Fill in the key and the position (the last) of an end page that lacks them. It is not saved."""
    others = EndPage.objects.filter(questionnaire_id=end.questionnaire_id).exclude(pk=end.pk)
    if not end.key:
        end.key = propose_key("", taken=_keys(others), instead="end")
    if not end.position:
        end.position = _next_place(others)


def _keys(rows: QuerySet[Model]) -> set[str]:
    return set(rows.values_list("key", flat=True))


def _next_place(rows: QuerySet[Model]) -> int:
    last: int | None = rows.aggregate(last=Max("position"))["last"]
    return (last or 0) + 1
