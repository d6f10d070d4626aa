"""A draft's rows as a document: everything that staff wrote, nothing that belongs to this installation."""

from collections.abc import Iterable

from feedback_site.questionnaires.document import (
    ConditionContent,
    ConditionTest,
    Document,
    EndPageContent,
    OptionContent,
    QuestionContent,
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
        title=draft.title.in_every_language(),
        intro=draft.intro.in_every_language(),
        thanks=draft.thanks.in_every_language(),
        privacy=draft.privacy.in_every_language(),
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
        text=question.text.in_every_language(),
        help=question.help.in_every_language(),
        low_label=question.low_label.in_every_language(),
        high_label=question.high_label.in_every_language(),
        options=tuple(_option(option) for option in options if option.role == OptionRole.OPTION),
        rows=tuple(_option(option) for option in options if option.role == OptionRole.ROW),
        condition=_condition(question.condition_join, question.conditions.all()),
    )


def _option(option: QuestionOption) -> OptionContent:
    return OptionContent(
        key=option.key,
        text=option.text.in_every_language(),
        exclusive=option.is_exclusive,
        asks_text=option.asks_text,
        fulfils=option.fulfils,
    )


def _end_page(end: EndPage) -> EndPageContent:
    return EndPageContent(
        key=end.key,
        text=end.text.in_every_language(),
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
