"""Publishing: the draft's rows become one frozen JSON document, the version that customers answer."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.exceptions import DomainError
from feedback_site.common.languages import Language
from surveys.enums import Metric, QuestionType
from surveys.models import Question, Questionnaire, QuestionnaireVersion

SCHEMA = 1
LEAST_OPTIONS = 2
_LANGUAGES = [Language.CHINESE.value, Language.ENGLISH.value]
_TYPE_OF_METRIC = {Metric.SATISFACTION.value: QuestionType.RATING.value, Metric.NPS.value: QuestionType.NPS.value}
Document = dict[str, Any]


@transaction.atomic
def publish_questionnaire(*, questionnaire: Questionnaire, by: User | None, at: datetime) -> QuestionnaireVersion:
    """Freeze the draft into the next version and return it; an unchanged draft returns the latest version.

    Raises `DomainError` naming every fault by question; `extra["faults"]` holds `{"question", "message"}` (question empty: the whole).
    """
    draft = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    content = _compile(draft)
    faults = list(find_faults(content))
    if faults:
        raise DomainError(
            _("This questionnaire cannot be published yet: %(faults)s") % {"faults": " ".join(message for _key, message in faults)},
            {"faults": [{"question": key, "message": message} for key, message in faults]},
        )
    latest = latest_version(draft)
    if latest is not None and latest.document == {**content, "number": latest.number}:
        return latest
    number = 1 if latest is None else latest.number + 1
    return QuestionnaireVersion.objects.create(
        questionnaire=draft, number=number, document={**content, "number": number}, published_at=at, published_by=by
    )


def latest_version(questionnaire: Questionnaire) -> QuestionnaireVersion | None:
    """Return the version that new invitations use, None before the first publication."""
    return questionnaire.versions.order_by("-number").first()


def draft_faults(questionnaire: Questionnaire) -> list[str]:
    """Return a sentence for everything that keeps the draft from being published now."""
    return [sentence for _key, sentence in find_faults(_compile(questionnaire))]


def find_faults(document: Document) -> Iterator[tuple[str, str]]:
    """Yield `(question key, sentence)` for everything that keeps a compiled draft from being published."""
    questions: list[Document] = document["questions"]
    if not questions:
        yield "", _("Add at least one question.")
    for name, label in (("title", _("title")), ("thanks", _("thanks"))):
        if not all(document[name].values()):
            yield "", _("Write the %(field)s in both languages.") % {"field": label}
    if _is_half_written(document["intro"]):
        yield "", _("Write the %(field)s in both languages.") % {"field": _("introduction")}
    for question in questions:
        yield from ((question["key"], _named(question["key"], fault)) for fault in _faults_of(question))
    yield from _repeats(questions)


def _faults_of(question: Document) -> Iterator[str]:
    if not all(question["text"].values()):
        yield _("write the question in both languages.")
    if any(_is_half_written(question[name]) for name in ("help", "low_label", "high_label")):
        yield _("write help and labels in both languages, or in none.")
    metric = question["metric"]
    if metric != Metric.NONE and _TYPE_OF_METRIC[metric] != question["type"]:
        yield _("this type of question cannot count as %(metric)s.") % {"metric": Metric(metric).label}
    if question["type"] == QuestionType.CHOICE:
        yield from _faults_of_options(question["options"])


def _faults_of_options(options: list[Document]) -> Iterator[str]:
    if len(options) < LEAST_OPTIONS:
        yield _("a choice needs at least two options.")
    if not all(text for option in options for text in option["text"].values()):
        yield _("write every option in both languages.")
    if len({option["key"] for option in options}) < len(options):
        yield _("two options have the same key.")


def _repeats(questions: list[Document]) -> Iterator[tuple[str, str]]:
    for key, count in Counter(question["key"] for question in questions).items():
        if count > 1:
            yield key, _named(key, _("this key is used more than once."))
    counted = Counter(question["metric"] for question in questions if question["metric"] != Metric.NONE)
    for metric, count in counted.items():
        if count > 1:
            yield "", _("At most one question may count as %(metric)s.") % {"metric": Metric(metric).label}


def _named(key: str, fault: str) -> str:
    return _("Question “%(key)s”: %(fault)s") % {"key": key, "fault": fault}


def _is_half_written(texts: dict[str, str]) -> bool:
    return any(texts.values()) and not all(texts.values())


def _compile(draft: Questionnaire) -> Document:
    """Return the document without its number: what tells a changed draft from an unchanged one."""
    questions = draft.questions.order_by("position", "pk").prefetch_related("options")
    return {
        "schema": SCHEMA,
        "key": draft.slug,
        "languages": _LANGUAGES,
        "default_language": draft.default_language,
        "title": _texts(draft, "title"),
        "intro": _texts(draft, "intro"),
        "thanks": _texts(draft, "thanks"),
        "questions": [_compile_question(question) for question in questions],
    }


def _compile_question(question: Question) -> Document:
    options = sorted(question.options.all(), key=lambda option: (option.position, option.pk))
    return {
        "key": question.key,
        "type": question.type,
        "metric": question.metric,
        "required": question.is_required,
        "text": _texts(question, "text"),
        "help": _texts(question, "help"),
        "low_label": _texts(question, "low_label"),
        "high_label": _texts(question, "high_label"),
        "options": [{"key": option.key, "text": _texts(option, "text")} for option in options]
        if question.type == QuestionType.CHOICE
        else [],
    }


def _texts(row: Any, field: str) -> dict[str, str]:
    return {Language.ENGLISH.value: getattr(row, f"{field}_en").strip(), Language.CHINESE.value: getattr(row, f"{field}_zh_hans").strip()}
