"""The draft's rows as one JSON document."""

from collections.abc import Iterable
from math import isfinite
from typing import Any

from feedback_site.common.languages import Language
from feedback_site.evaluations.enums import MeasurementSource
from feedback_site.evaluations.models import Indicator
from feedback_site.questionnaires.enums import (
    ConditionOperator,
    ConditionSource,
    EventFact,
    Metric,
    OptionRole,
)
from feedback_site.questionnaires.models import Condition, EndPage, Question, Questionnaire, QuestionOption
from feedback_site.questionnaires.questions import QUESTION_CLASSES, AnswerKind

# 2: settings, rows, pages, sets, conditions, end pages. What 1 lacks has a default.
SCHEMA = 2
Document = dict[str, Any]
# These are measured from what counts as their metric, whichever question that is.
METRIC_OF_INDICATOR = {"customer_satisfaction": Metric.SATISFACTION, "net_promoter_score": Metric.NPS}
_LANGUAGES = [Language.CHINESE.value, Language.ENGLISH.value]
_TRUTHS = {EventFact.IS_COMPLAINT, EventFact.IS_RESOLVED}


def compile_draft(draft: Questionnaire) -> Document:
    """Return the document without its number: what tells a changed draft from an unchanged one."""
    questions = draft.questions.order_by("page", "position", "pk").select_related("indicator")
    questions = questions.prefetch_related("options", "conditions__subject")
    ends = draft.end_pages.order_by("position", "pk").prefetch_related("conditions__subject")
    return {
        "schema": SCHEMA,
        "key": draft.slug,
        "languages": _LANGUAGES,
        "default_language": draft.default_language,
        "layout": draft.layout,
        "title": _texts(draft, "title"),
        "intro": _texts(draft, "intro"),
        "thanks": _texts(draft, "thanks"),
        "privacy": _texts(draft, "privacy"),
        "hotline": draft.hotline.strip(),
        "questions": [_compile_question(question) for question in questions],
        "ends": [_compile_end(end) for end in ends],
    }


def _compile_question(question: Question) -> Document:
    kind = QUESTION_CLASSES[question.type]
    options = sorted(question.options.all(), key=lambda option: (option.position, option.pk))
    chosen = [option for option in options if option.role == OptionRole.OPTION]
    return {
        "key": question.key,
        "type": question.type,
        "metric": question.metric,
        "indicator": question.indicator.slug if question.indicator else "",
        **_feeding(question.indicator),
        "required": question.is_required,
        "page": question.page,
        "set": question.question_set,
        "settings": question.settings,
        "text": _texts(question, "text"),
        "help": _texts(question, "help"),
        "low_label": _texts(question, "low_label"),
        "high_label": _texts(question, "high_label"),
        "options": [
            {
                "key": one.key,
                "text": _texts(one, "text"),
                "exclusive": one.is_exclusive,
                "asks_text": one.asks_text,
                **_fulfilment(one),
            }
            for one in chosen
        ]
        if kind.has_options
        else [],
        "rows": [
            {"key": option.key, "text": _texts(option, "text")}
            for option in options
            if option.role == OptionRole.ROW
        ]
        if kind.has_rows
        else [],
        "condition": _compile_conditions(question.condition_join, question.conditions.all()),
    }


def _feeding(indicator: Indicator | None) -> Document:
    """Return in which unit the answers feed the indicator, as it is now.

    A version counts as it was published.
    """
    feeds = (
        indicator is not None
        and indicator.source == MeasurementSource.SURVEY
        and indicator.slug not in METRIC_OF_INDICATOR
    )
    return {"feeds": indicator.unit} if indicator and feeds else {}


def _fulfilment(option: QuestionOption) -> Document:
    return {} if option.fulfils is None else {"fulfils": option.fulfils}


def _compile_end(end: EndPage) -> Document:
    return {
        "key": end.key,
        "text": _texts(end, "text"),
        "redirect": end.redirect_url,
        "condition": _compile_conditions(end.condition_join, end.conditions.all()),
    }


def _compile_conditions(join: str, conditions: Iterable[Condition]) -> Document | None:
    tests = [
        _compile_test(condition) for condition in sorted(conditions, key=lambda row: (row.position, row.pk))
    ]
    return {"join": join, "tests": tests} if tests else None


def _compile_test(condition: Condition) -> Document:
    subject = condition.subject
    test: Document = {
        "of": condition.source,
        "name": condition.fact
        if condition.source == ConditionSource.EVENT
        else subject.key
        if subject
        else "",
        "operator": condition.operator,
    }
    if condition.operator not in {ConditionOperator.ANSWERED, ConditionOperator.UNANSWERED}:
        test["value"] = _typed(condition)
    return test


def _typed(condition: Condition) -> bool | float | str:
    """Return the value as answers to the subject are stored.

    Words where it cannot be read, which publishing then refuses.
    """
    if condition.fact in _TRUTHS:
        return condition.value.strip().lower() in {"yes", "true", "1", "是"}
    subject = condition.subject
    if subject is None or QUESTION_CLASSES[subject.type].answer_kind is not AnswerKind.NUMBER:
        return condition.value
    try:
        number = float(condition.value)
    except ValueError:
        return condition.value
    # Python takes "nan" and "1e999" for numbers; a document holds none such.
    if not isfinite(number):
        return condition.value
    return int(number) if number.is_integer() else number


def _texts(row: Any, field: str) -> dict[str, str]:
    return {
        Language.ENGLISH.value: getattr(row, f"{field}_en").strip(),
        Language.CHINESE.value: getattr(row, f"{field}_zh_hans").strip(),
    }
