"""Drafts written again: a version back into its draft, a draft into a new questionnaire."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.common.exceptions import ConflictError
from feedback_site.common.languages import Language
from feedback_site.questionnaires.enums import ConditionJoin, Layout
from feedback_site.questionnaires.models import Questionnaire, QuestionnaireVersion
from feedback_site.questionnaires.services.exchange.exporting import export_definition
from feedback_site.questionnaires.services.exchange.writing import replace_draft

Document = Mapping[str, Any]
_MOST_COPIES = 100


@transaction.atomic
def restore_version(*, version: QuestionnaireVersion) -> Questionnaire:
    """Write a published version back into the draft of its questionnaire, replacing what is there now.

    Nothing is published by it.
    """
    draft = Questionnaire.objects.select_for_update().get(pk=version.questionnaire_id)
    names = {"name": {Language.ENGLISH.value: draft.name_en, Language.CHINESE.value: draft.name_zh_hans}}
    replace_draft(_definition_of(version.document) | names, draft)
    return draft


@transaction.atomic
def duplicate_questionnaire(*, questionnaire: Questionnaire, team: Team | None) -> Questionnaire:
    """Copy the whole draft into a new questionnaire owned by `team`, with a slug of its own.

    Raises ConflictError when no slug is free.
    """
    definition = export_definition(questionnaire)
    definition["name"] = {
        Language.ENGLISH.value: f"{questionnaire.name_en[:100]} (copy)",
        Language.CHINESE.value: f"{questionnaire.name_zh_hans[:100]}（副本）",
    }
    copy = _new_copy(questionnaire, team)
    replace_draft(definition, copy)
    return copy


def _new_copy(source: Questionnaire, team: Team | None) -> Questionnaire:
    for number in range(1, _MOST_COPIES):
        ending = "-copy" if number == 1 else f"-copy-{number}"
        copy = Questionnaire(
            slug=f"{source.slug[: 60 - len(ending)]}{ending}",
            team=team,
            default_language=source.default_language,
        )
        try:
            with transaction.atomic():
                copy.save(force_insert=True)
        except IntegrityError:
            continue
        return copy
    raise ConflictError(_("There are too many copies of this questionnaire. Rename or delete some."))


def _definition_of(document: Document) -> dict[str, Any]:
    """Return a published document as a definition; what older documents lack is as it was taken then."""
    return {
        **{name: _texts(document, name) for name in ("title", "intro", "thanks", "privacy")},
        "hotline": document.get("hotline", ""),
        "layout": document.get("layout", Layout.PAGES),
        "default_language": document["default_language"],
        "questions": [_question(content) for content in document["questions"]],
        "end_pages": [
            {
                "key": end["key"],
                "text": _texts(end, "text"),
                "redirect": end.get("redirect", ""),
                "condition": _condition(end),
            }
            for end in document.get("ends") or []
        ],
    }


def _question(content: Document) -> dict[str, Any]:
    return {
        **{name: content[name] for name in ("key", "type", "metric", "required")},
        "indicator": content.get("indicator", ""),
        "page": content.get("page", 1),
        "set": content.get("set", ""),
        "settings": content.get("settings") or {},
        **{name: _texts(content, name) for name in ("text", "help", "low_label", "high_label")},
        "options": [_part(option) for option in content.get("options") or []],
        "rows": [_part(row) for row in content.get("rows") or []],
        "condition": _condition(content),
    }


def _part(part: Document) -> dict[str, Any]:
    marks = {name: bool(part.get(name)) for name in ("exclusive", "asks_text")}
    return {"key": part["key"], "text": _texts(part, "text"), **marks, "fulfils": part.get("fulfils")}


def _condition(part: Document) -> dict[str, Any]:
    condition = part.get("condition") or {"join": ConditionJoin.ALL, "tests": []}
    return {
        **condition,
        "tests": [{**test, "value": _typed(test.get("value", ""))} for test in condition["tests"]],
    }


def _typed(value: Any) -> str:
    """Return a value as authors type it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _texts(content: Document, name: str) -> dict[str, str]:
    texts = content.get(name) or {}
    return {language: texts.get(language, "") for language in Language.values}
