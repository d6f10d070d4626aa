"""Compiles published questionnaires into pages: bytes, plain and gzipped, kept per version and language.

Pages carry no token: the form posts to the address it came from and links are relative, so one compiled page serves every invitation.
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from feedback_site.common.languages import Language
from surveys.models import QuestionnaireVersion
from surveys.questions import CompiledQuestion, Fields, compile_question
from surveys.services.answering import ReadAnswers

# Old versions fall out when a process has seen this many; they come back with one more column in one statement.
MOST_VERSIONS = 256
_HTML_LANGUAGES = {Language.CHINESE.value: "zh-Hans", Language.ENGLISH.value: "en"}
_LANGUAGES_ASKED = {
    "zh": Language.CHINESE.value,
    "zh-hans": Language.CHINESE.value,
    "zh-cn": Language.CHINESE.value,
    "en": Language.ENGLISH.value,
}
_SWITCHES = {
    Language.CHINESE.value: {"parameter": "zh", "html": "zh-Hans", "name": "中文"},
    Language.ENGLISH.value: {"parameter": "en", "html": "en", "name": "English"},
}

_HOLE = "[hole]"


@dataclass(frozen=True)
class Page:
    """A finished page; `gzipped` is empty where it would not be sent twice."""

    plain: bytes
    gzipped: bytes = b""


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
        wanted = _LANGUAGES_ASKED.get(asked.lower(), invited)
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
    return _compress(_form(questionnaire, language=language, values=values, errors={}, can_unsubscribe=can_unsubscribe))


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
    return _compress(page)


def notice(*, language: str, languages: Sequence[str], title: str, paragraphs: Sequence[str], mark: str, **more: Any) -> Page:
    """Return a page that states one thing. Call it with `language` active; `languages` empty means no switch."""
    context = {"title": title, "paragraphs": paragraphs, "mark": mark, **more}
    return _render("surveys/notice.html", language=language, languages=languages, context=context)


def trouble(*, parts: Sequence[tuple[str, ...]], mark: str) -> Page:
    """Return a page for somebody whose language is unknown; `parts` are (language, title, text), the first leads."""
    return _render("surveys/trouble.html", language=parts[0][0], languages=(), context=_both(parts, mark))


def again(*, parts: Sequence[tuple[str, ...]], mark: str) -> tuple[bytes, bytes]:
    """Return the two ends of a page whose form sends something again; `parts` are (language, title, text, button).

    What is to be sent goes in between: a page for when there is too much to do is not rendered each time.
    """
    page = _render("surveys/again.html", language=parts[0][0], languages=(), context={**_both(parts, mark), "hole": _HOLE})
    head, _hole, tail = page.plain.partition(_HOLE.encode())
    return head, tail


def _both(parts: Sequence[tuple[str, ...]], mark: str) -> dict[str, Any]:
    shown = [
        {"html_language": _HTML_LANGUAGES[language], **dict(zip(("title", "text", "button"), texts, strict=False))}
        for language, *texts in parts
    ]
    return {"title": shown[0]["title"], "parts": shown, "mark": mark}


def local_time(moment: datetime) -> str:
    """Write a moment in the site's zone and the active language."""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def question_contexts(
    questions: Sequence[CompiledQuestion], *, language: str, values: Fields, errors: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return what the templates of the questions show, with the answers and errors so far by key."""
    return [question.context(language=language, values=values, error=errors.get(question.key, "")) for question in questions]


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
    return _render("surveys/form.html", language=language, languages=questionnaire.document["languages"], context=context)


def _render(template: str, *, language: str, languages: Sequence[str], context: Mapping[str, Any]) -> Page:
    other = next((_SWITCHES[code] for code in languages if code != language), None)
    frame = {"html_language": _HTML_LANGUAGES[language], "style": page_style(), "other_language": other}
    with translation.override(language):
        html = render_to_string(template, {**frame, **context})
    return Page(html.encode())


def _compress(page: Page) -> Page:
    """Squeeze a page that holds no words of a customer: blank lines in those would be theirs."""
    plain = re.sub(rb"\n\s*\n+", b"\n", page.plain)
    return Page(plain, gzip.compress(plain, compresslevel=9, mtime=0))


@cache
def page_style() -> SafeString:
    """Return the style that every page carries; the security policy allows this text and no other."""
    text = re.sub(r"/\*.*?\*/|\s+", " ", render_to_string("surveys/page.css"), flags=re.DOTALL)
    return mark_safe(re.sub(r"\s*([{};,>])\s*", r"\1", text).strip())  # noqa: S308 - our own file


@cache
def security_policy() -> str:
    """Return the Content-Security-Policy of customers' pages: no script, no host, no style but ours."""
    digest = base64.b64encode(hashlib.sha256(page_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
