"""Drafts written from documents: a version back into its draft, a draft into a new questionnaire."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.common.exceptions import ConflictError
from feedback_site.common.languages import Language
from feedback_site.evaluations.models import Indicator
from surveys.enums import ConditionJoin, ConditionOperator, ConditionSource, Layout, OptionRole
from surveys.models import Condition, EndPage, Question, Questionnaire, QuestionnaireVersion, QuestionOption
from surveys.services.publishing.compiling import compile_draft

Document = Mapping[str, Any]
_OWN_TEXTS = ("title", "intro", "thanks", "privacy")
_QUESTION_TEXTS = ("text", "help", "low_label", "high_label")
_MOST_COPIES = 100


@transaction.atomic
def restore_version(*, version: QuestionnaireVersion) -> Questionnaire:
    """Write a published version back into the draft of its questionnaire, whatever stands there now; nothing is published by it."""
    draft = Questionnaire.objects.select_for_update().get(pk=version.questionnaire_id)
    write_draft(questionnaire=draft, document=version.document)
    return draft


@transaction.atomic
def duplicate_questionnaire(*, questionnaire: Questionnaire, team: Team | None) -> Questionnaire:
    """Copy the whole draft into a new questionnaire owned by `team`, with a slug of its own. Raises ConflictError when no slug is free."""
    copy = _new_copy(questionnaire, team)
    write_draft(questionnaire=copy, document=compile_draft(questionnaire))
    return copy


@transaction.atomic
def write_draft(*, questionnaire: Questionnaire, document: Document) -> None:
    """Make `document` the draft: its texts, questions, options, conditions and end pages replace what is there."""
    questionnaire.questions.all().delete()
    questionnaire.end_pages.all().delete()
    _write_own(questionnaire, document)
    indicators = {row.slug: row for row in Indicator.objects.filter(slug__in={one.get("indicator") for one in document["questions"]})}
    questions = {
        content["key"]: _write_question(questionnaire, content, place, indicators.get(content.get("indicator", "")))
        for place, content in enumerate(document["questions"], 1)
    }
    for content in document["questions"]:
        _write_conditions(questionnaire, content.get("condition"), questions, question=questions[content["key"]])
    for place, content in enumerate(document.get("ends") or [], 1):
        end = EndPage(questionnaire=questionnaire, key=content["key"], position=place, redirect_url=content.get("redirect", ""))
        end.condition_join = (content.get("condition") or {}).get("join", ConditionJoin.ALL)
        _set_texts(end, content, ["text"])
        end.save()
        _write_conditions(questionnaire, content.get("condition"), questions, end_page=end)


def _new_copy(source: Questionnaire, team: Team | None) -> Questionnaire:
    for number in range(1, _MOST_COPIES):
        ending = "-copy" if number == 1 else f"-copy-{number}"
        copy = Questionnaire(slug=f"{source.slug[: 60 - len(ending)]}{ending}", team=team, default_language=source.default_language)
        copy.name_en = f"{source.name_en[:100]} (copy)"
        copy.name_zh_hans = f"{source.name_zh_hans[:100]}（副本）"
        try:
            with transaction.atomic():
                copy.save(force_insert=True)
        except IntegrityError:
            continue
        return copy
    raise ConflictError(_("There are too many copies of this questionnaire. Rename or delete some."))


def _write_own(questionnaire: Questionnaire, document: Document) -> None:
    _set_texts(questionnaire, document, _OWN_TEXTS)
    questionnaire.hotline = document.get("hotline", "")
    questionnaire.layout = document.get("layout", Layout.PAGES)
    questionnaire.default_language = document["default_language"]
    questionnaire.save()


def _write_question(questionnaire: Questionnaire, content: Document, place: int, indicator: Indicator | None) -> Question:
    question = Question(
        questionnaire=questionnaire,
        key=content["key"],
        position=place,
        type=content["type"],
        settings=content.get("settings") or {},
        page=content.get("page", 1),
        question_set=content.get("set", ""),
        condition_join=(content.get("condition") or {}).get("join", ConditionJoin.ALL),
        indicator=indicator,
        metric=content["metric"],
        is_required=content["required"],
    )
    _set_texts(question, content, _QUESTION_TEXTS)
    question.save()
    for role, name in ((OptionRole.OPTION, "options"), (OptionRole.ROW, "rows")):
        _write_options(question, role, content.get(name) or [])
    return question


def _write_options(question: Question, role: OptionRole, contents: Sequence[Document]) -> None:
    for place, content in enumerate(contents, 1):
        option = QuestionOption(question=question, role=role, key=content["key"], position=place)
        option.is_exclusive, option.asks_text = bool(content.get("exclusive")), bool(content.get("asks_text"))
        _set_texts(option, content, ["text"])
        option.save()


def _write_conditions(questionnaire: Questionnaire, condition: Document | None, questions: Mapping[str, Question], **owner: Any) -> None:
    for place, test in enumerate((condition or {"tests": []})["tests"], 1):
        is_answer = test["of"] == ConditionSource.ANSWER
        Condition.objects.create(
            questionnaire=questionnaire,
            position=place,
            source=test["of"],
            subject=questions[test["name"]] if is_answer else None,
            fact="" if is_answer else test["name"],
            operator=ConditionOperator(test["operator"]),
            value=_as_typed(test.get("value", "")),
            **owner,
        )


def _as_typed(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _set_texts(row: Any, content: Document, names: Sequence[str]) -> None:
    for name in names:
        texts = content.get(name) or {}
        setattr(row, f"{name}_en", texts.get(Language.ENGLISH.value, ""))
        setattr(row, f"{name}_zh_hans", texts.get(Language.CHINESE.value, ""))
