"""The rows of a draft, written from a definition that was found sound."""

from collections.abc import Iterable
from typing import Any

from feedback_site.common.languages import Language
from feedback_site.evaluations.models import Indicator
from feedback_site.questionnaires.enums import ConditionSource, OptionRole
from feedback_site.questionnaires.models import Condition, EndPage, Question, Questionnaire, QuestionOption

Definition = dict[str, Any]
_TEXTS = ("name", "title", "intro", "thanks", "privacy")
_WORDS = ("text", "help", "low_label", "high_label")


def replace_draft(definition: Definition, draft: Questionnaire) -> None:
    """Make a definition the draft, whatever stands there now; slug, owner and published versions stay.

    Call it in a transaction.
    """
    for name, value in own_fields(definition).items():
        setattr(draft, name, value)
    draft.save()
    draft.end_pages.all().delete()
    draft.questions.all().delete()
    write_parts(definition, draft)


def own_fields(definition: Definition) -> dict[str, Any]:
    """Return the values of the columns that the questionnaire itself has, but for its slug and owner."""
    plain = {name: definition[name] for name in ("hotline", "layout", "default_language")}
    return plain | _columns(definition, _TEXTS)


def write_parts(definition: Definition, questionnaire: Questionnaire) -> None:
    """Write the questions, options, conditions and end pages of a questionnaire that has none."""
    questions = _write_questions(definition["questions"], questionnaire)
    ends = EndPage.objects.bulk_create(
        EndPage(
            questionnaire=questionnaire,
            position=position,
            key=entry["key"],
            redirect_url=entry["redirect"],
            condition_join=entry["condition"]["join"],
            **_columns(entry, ("text",)),
        )
        for position, entry in enumerate(definition["end_pages"], start=1)
    )
    by_key = {question.key: question for question in questions}
    conditions = [
        *_conditions(zip(questions, definition["questions"], strict=True), "question", by_key),
        *_conditions(zip(ends, definition["end_pages"], strict=True), "end_page", by_key),
    ]
    Condition.objects.bulk_create(Condition(questionnaire=questionnaire, **fields) for fields in conditions)


def _write_questions(entries: list[Definition], questionnaire: Questionnaire) -> list[Question]:
    slugs = {entry["indicator"] for entry in entries} - {""}
    indicators = (
        {indicator.slug: indicator for indicator in Indicator.objects.filter(slug__in=slugs)} if slugs else {}
    )
    questions = Question.objects.bulk_create(
        Question(
            questionnaire=questionnaire,
            position=position,
            indicator=indicators.get(entry["indicator"]),
            is_required=entry["required"],
            question_set=entry["set"],
            condition_join=entry["condition"]["join"],
            **{name: entry[name] for name in ("key", "type", "metric", "page", "settings")},
            **_columns(entry, _WORDS),
        )
        for position, entry in enumerate(entries, start=1)
    )
    QuestionOption.objects.bulk_create(
        QuestionOption(
            question=question,
            position=position,
            role=role,
            key=option["key"],
            is_exclusive=option["exclusive"],
            asks_text=option["asks_text"],
            fulfils=option.get("fulfils"),
            **_columns(option, ("text",)),
        )
        for question, entry in zip(questions, entries, strict=True)
        for role, name in ((OptionRole.OPTION, "options"), (OptionRole.ROW, "rows"))
        for position, option in enumerate(entry[name], start=1)
    )
    return questions


def _conditions(
    owners: Iterable[tuple[Any, Definition]], name: str, questions: dict[str, Question]
) -> Iterable[dict[str, Any]]:
    for owner, entry in owners:
        for position, test in enumerate(entry["condition"]["tests"], start=1):
            is_event = test["of"] == ConditionSource.EVENT
            yield {
                name: owner,
                "position": position,
                "source": test["of"],
                "subject": None if is_event else questions[test["name"]],
                "fact": test["name"] if is_event else "",
                "operator": test["operator"],
                "value": test["value"],
            }


def _columns(entry: Definition, names: Iterable[str]) -> dict[str, str]:
    languages = {"en": Language.ENGLISH.value, "zh_hans": Language.CHINESE.value}
    return {f"{name}_{column}": entry[name][code] for name in names for column, code in languages.items()}
