"""What the parts of a draft get when their author leaves it open: a key, a place, the usual metric."""

from django.db.models import Max, Model, QuerySet

from surveys.enums import Metric, OptionRole
from surveys.models import EndPage, Question, QuestionOption
from surveys.questions import QUESTION_CLASSES
from surveys.rules.keys import propose_key


def complete_question(question: Question) -> None:
    """Fill in the key, and the place behind the others, of a question that lacks them. It is not saved."""
    others = Question.objects.filter(questionnaire_id=question.questionnaire_id).exclude(pk=question.pk)
    if not question.key:
        question.key = propose_key(question.text_en, taken=_keys(others), instead="question")
    if not question.position:
        question.position = _next_place(others)


def count_as_usual(question: Question) -> None:
    """Let a new question count as its type usually does, unless another one of its questionnaire does already. It is not saved."""
    metric = QUESTION_CLASSES[question.type].usual_metric
    is_free = not Question.objects.filter(questionnaire_id=question.questionnaire_id, metric=metric).exclude(pk=question.pk).exists()
    if metric != Metric.NONE and is_free:
        question.metric = metric


def complete_option(option: QuestionOption) -> None:
    """Fill in the key, and the place behind the others, of an option or row that lacks them. It is not saved."""
    others = QuestionOption.objects.filter(question_id=option.question_id, role=option.role).exclude(pk=option.pk)
    if not option.key:
        instead = "row" if option.role == OptionRole.ROW else "option"
        option.key = propose_key(option.text_en, taken=_keys(others), instead=instead)
    if not option.position:
        option.position = _next_place(others)


def complete_end_page(end: EndPage) -> None:
    """Fill in the key, and the place behind the others, of an end page that lacks them. It is not saved."""
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
