"""A draft's rows as a definition: everything that staff wrote, nothing that belongs to this installation."""

from collections.abc import Iterable
from typing import Any

from feedback_site.common.languages import Language
from feedback_site.questionnaires.enums import ConditionSource, OptionRole
from feedback_site.questionnaires.models import Condition, EndPage, Question, Questionnaire, QuestionOption
from feedback_site.questionnaires.services.exchange.schema import FORMAT, VERSION

Definition = dict[str, Any]


def export_definition(questionnaire: Questionnaire) -> Definition:
    """Return the definition of a draft, see docs/questionnaire_format.md.

    `import_definition` makes the same draft of it.
    """
    questions = questionnaire.questions.order_by("position", "pk").select_related("indicator")
    ends = questionnaire.end_pages.order_by("position", "pk").prefetch_related("conditions__subject")
    return {
        "format": FORMAT,
        "version": VERSION,
        "slug": questionnaire.slug,
        **{name: _texts(questionnaire, name) for name in ("name", "title", "intro", "thanks", "privacy")},
        "hotline": questionnaire.hotline,
        "layout": questionnaire.layout,
        "default_language": questionnaire.default_language,
        "questions": [
            _question(question) for question in questions.prefetch_related("options", "conditions__subject")
        ],
        "end_pages": [_end_page(end) for end in ends],
    }


def _question(question: Question) -> Definition:
    options = sorted(question.options.all(), key=lambda option: (option.position, option.pk))
    return {
        "key": question.key,
        "type": question.type,
        "metric": question.metric,
        "indicator": question.indicator.slug if question.indicator else "",
        "required": question.is_required,
        "page": question.page,
        "set": question.question_set,
        "settings": question.settings,
        **{name: _texts(question, name) for name in ("text", "help", "low_label", "high_label")},
        "options": [_option(option) for option in options if option.role == OptionRole.OPTION],
        "rows": [_option(option) for option in options if option.role == OptionRole.ROW],
        "condition": _condition(question.condition_join, question.conditions.all()),
    }


def _option(option: QuestionOption) -> Definition:
    return {
        "key": option.key,
        "text": _texts(option, "text"),
        "exclusive": option.is_exclusive,
        "asks_text": option.asks_text,
        "fulfils": option.fulfils,
    }


def _end_page(end: EndPage) -> Definition:
    return {
        "key": end.key,
        "text": _texts(end, "text"),
        "redirect": end.redirect_url,
        "condition": _condition(end.condition_join, end.conditions.all()),
    }


def _condition(join: str, conditions: Iterable[Condition]) -> Definition:
    rows = sorted(conditions, key=lambda row: (row.position, row.pk))
    return {"join": join, "tests": [_test(row) for row in rows]}


def _test(row: Condition) -> Definition:
    subject = row.subject.key if row.subject else ""
    name = row.fact if row.source == ConditionSource.EVENT else subject
    return {"of": row.source, "name": name, "operator": row.operator, "value": row.value}


def _texts(row: Any, field: str) -> dict[str, str]:
    return {
        Language.ENGLISH.value: getattr(row, f"{field}_en"),
        Language.CHINESE.value: getattr(row, f"{field}_zh_hans"),
    }
