"""A draft's rows as a document: everything that staff wrote, nothing that belongs to this installation."""

from collections.abc import Iterable
from typing import Any

from feedback_site.common.languages import Language
from feedback_site.questionnaires.document import (
    ConditionContent,
    ConditionTest,
    Document,
    EndPageContent,
    OptionContent,
    QuestionContent,
    Texts,
)
from feedback_site.questionnaires.enums import ConditionSource, OptionRole
from feedback_site.questionnaires.models import Condition, EndPage, Question, Questionnaire, QuestionOption


def read_draft(draft: Questionnaire) -> Document:
    """Return what a draft says; `services.drafts.writing` makes the same draft of it."""
    questions = draft.questions.order_by("position", "pk").select_related("indicator")
    ends = draft.end_pages.order_by("position", "pk").prefetch_related("conditions__subject")
    return Document(
        slug=draft.slug,
        name=draft.names.in_every_language(),
        title=_texts(draft, "title"),
        intro=_texts(draft, "intro"),
        thanks=_texts(draft, "thanks"),
        privacy=_texts(draft, "privacy"),
        hotline=draft.hotline,
        layout=draft.layout,
        default_language=draft.default_language,
        questions=tuple(map(_question, questions.prefetch_related("options", "conditions__subject"))),
        end_pages=tuple(map(_end_page, ends)),
    )


def _question(question: Question) -> QuestionContent:
    options = sorted(question.options.all(), key=lambda option: (option.position, option.pk))
    return QuestionContent(
        key=question.key,
        type=question.type,
        metric=question.metric,
        indicator=question.indicator.slug if question.indicator else "",
        required=question.is_required,
        page=question.page,
        set=question.question_set,
        settings=question.settings,
        text=_texts(question, "text"),
        help=_texts(question, "help"),
        low_label=_texts(question, "low_label"),
        high_label=_texts(question, "high_label"),
        options=tuple(_option(option) for option in options if option.role == OptionRole.OPTION),
        rows=tuple(_option(option) for option in options if option.role == OptionRole.ROW),
        condition=_condition(question.condition_join, question.conditions.all()),
    )


def _option(option: QuestionOption) -> OptionContent:
    return OptionContent(
        key=option.key,
        text=_texts(option, "text"),
        exclusive=option.is_exclusive,
        asks_text=option.asks_text,
        fulfils=option.fulfils,
    )


def _end_page(end: EndPage) -> EndPageContent:
    return EndPageContent(
        key=end.key,
        text=_texts(end, "text"),
        redirect=end.redirect_url,
        condition=_condition(end.condition_join, end.conditions.all()),
    )


def _condition(join: str, conditions: Iterable[Condition]) -> ConditionContent:
    rows = sorted(conditions, key=lambda row: (row.position, row.pk))
    return ConditionContent(join, tuple(map(_test, rows)))


def _test(row: Condition) -> ConditionTest:
    subject = row.subject.key if row.subject else ""
    name = row.fact if row.source == ConditionSource.EVENT else subject
    return ConditionTest(row.source, name, row.operator, row.value)


def _texts(row: Any, field: str) -> Texts:
    return {
        Language.ENGLISH.value: getattr(row, f"{field}_en"),
        Language.CHINESE.value: getattr(row, f"{field}_zh_hans"),
    }
