"""Compiles published questionnaires into pages: bytes, plain and gzipped, kept per version and language.

Pages carry no token: the form posts to the address it came from and links are relative, so one compiled page serves every invitation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.common.public_pages import LANGUAGES_ASKED, Page, compress, local_time, notice, render
from surveys.models import QuestionnaireVersion
from surveys.questions import CompiledQuestion, Fields, compile_question
from surveys.services.answering import ReadAnswers

# Old versions fall out when a process has seen this many; they come back with one more column in one statement.
MOST_VERSIONS = 256


@dataclass(frozen=True, eq=False)
class CompiledQuestionnaire:
    """One published version: its document and its compiled questions."""

    version_id: int
    document: Mapping[str, Any]
    questions: Sequence[CompiledQuestion] = field(default_factory=tuple)

    def word(self, name: str, language: str) -> str:
        """Return the title, introduction or thanks in `language`."""
        return str((self.document.get(name) or {}).get(language, ""))

    @property
    def first_scored(self) -> CompiledQuestion | None:
        """The first question that takes a whole number: what a score in an address, or a reply of one digit, answers."""
        return next((question for question in self.questions if question.scores), None)

    def language_of(self, asked: str, invited: str) -> str:
        """Return the language to show: asked for in the address, else the invitation's, else the questionnaire's own."""
        languages = self.document["languages"]
        wanted = LANGUAGES_ASKED.get(asked.lower(), invited)
        return wanted if wanted in languages else str(self.document["default_language"])


_questionnaires: dict[int, CompiledQuestionnaire] = {}


def compile_version(version_id: int, document: Mapping[str, Any]) -> CompiledQuestionnaire:
    """Compile a version and keep it: published versions are frozen, so nothing ever expires."""
    compiled = CompiledQuestionnaire(version_id, document, tuple(map(compile_question, document["questions"])))
    while len(_questionnaires) >= MOST_VERSIONS:
        _questionnaires.pop(next(iter(_questionnaires)), None)
    return _questionnaires.setdefault(version_id, compiled)


def questionnaire_of(version_id: int) -> CompiledQuestionnaire:
    """Return a published version, compiled; the first time in a process it is read from the database."""
    known = _questionnaires.get(version_id)
    if known is not None:
        return known
    document = QuestionnaireVersion.objects.values_list("document", flat=True).get(pk=version_id)
    return compile_version(version_id, document)


@lru_cache(maxsize=1024)
def form_page(questionnaire: CompiledQuestionnaire, *, language: str, score: int | None, can_unsubscribe: bool) -> Page:
    """Return the empty form; `score` preselects the first question that takes it and answers nothing."""
    values: dict[str, list[str]] = {}
    scored = questionnaire.first_scored
    if scored is not None and score in scored.scores:
        values[scored.key] = [str(score)]
    return compress(_form(questionnaire, language=language, values=values, errors={}, can_unsubscribe=can_unsubscribe))


def form_with_errors(
    questionnaire: CompiledQuestionnaire, *, language: str, fields: Fields, read: ReadAnswers, can_unsubscribe: bool
) -> Page:
    """Return the form with what was answered so far and a sentence at each field that cannot be accepted."""
    accepted = {name: values for question in questionnaire.questions for name, values in question.fields_of(read.answers).items()}
    return _form(questionnaire, language=language, values={**fields, **accepted}, errors=read.errors, can_unsubscribe=can_unsubscribe)


def thanks_page(questionnaire: CompiledQuestionnaire, *, language: str, received_at: datetime, is_first: bool) -> Page:
    """Return the thanks with the minute the answer was received; `is_first` is false when it had been received before."""
    return _thanks(questionnaire, language, received_at.replace(second=0, microsecond=0), is_first)


@lru_cache(maxsize=1024)
def _thanks(questionnaire: CompiledQuestionnaire, language: str, minute: datetime, is_first: bool) -> Page:  # noqa: FBT001 - a cache key
    with translation.override(language):
        title = _("Thank you!") if is_first else _("You have already answered. Thank you!")
        page = notice(
            language=language,
            languages=questionnaire.document["languages"] if not is_first else (),
            title=title,
            paragraphs=[questionnaire.word("thanks", language)],
            tone="good",
            mark="✓",
            received=_("Received on %(time)s.") % {"time": local_time(minute)},
        )
    return compress(page)


def question_contexts(
    questions: Sequence[CompiledQuestion], *, language: str, values: Fields, errors: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return what the templates of the questions show, with the answers and errors so far by key.

    Questions of a rotating set are left out, as reading leaves them out: an answer that is asked for is never thrown away.
    """
    with translation.override(language):
        shown = [question for question in questions if not question.question_set]
        return [question.context(language=language, values=values, error=errors.get(question.key, "")) for question in shown]


def _form(questionnaire: CompiledQuestionnaire, *, language: str, values: Fields, errors: Mapping[str, str], can_unsubscribe: bool) -> Page:
    questions = question_contexts(questionnaire.questions, language=language, values=values, errors=errors)
    texts = {question["key"]: question["text"] for question in questions}
    context = {
        "title": questionnaire.word("title", language),
        "intro": questionnaire.word("intro", language),
        "questions": questions,
        "errors": [{"key": key, "question": texts.get(key, ""), "message": message} for key, message in errors.items()],
        "can_unsubscribe": can_unsubscribe,
    }
    return render("surveys/form.html", language=language, languages=questionnaire.document["languages"], context=context)
