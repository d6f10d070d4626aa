"""Compiles published questionnaires into pages: bytes, plain and gzipped, kept per version and language.

Pages carry no token: the form posts to the address it came from and
links are relative, so one compiled page serves every invitation.
"""

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import takewhile
from typing import Any

from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from feedback_site.common.public_pages import Page, brand, compress, keep_pages, local_time, notice, render
from feedback_site.common.public_pages.uploads import MOST_BYTES
from feedback_site.questionnaires.document import ConditionContent, ConditionTest, Value
from feedback_site.questionnaires.enums import ConditionSource
from feedback_site.questionnaires.pages.assets import DRAWING, form_policy, page_script
from feedback_site.questionnaires.pages.form_marks import FormMark
from feedback_site.questionnaires.pages.holes import Segments, cut, join, mark
from feedback_site.questionnaires.questions import AnswerKind, CompiledQuestion, Fields, Statistics
from feedback_site.questionnaires.services.piping import Known, fill
from feedback_site.questionnaires.services.publishing.faults import is_allowed_redirect
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire
from feedback_site.questionnaires.walk import Screen, Walk


@dataclass(frozen=True, slots=True)
class Sheet:
    """Which form is to be shown, as a key: one compiled page serves all who are shown the same.

    `place` and `count` say which of how many screens it is. `score` is one from the address.
    """

    language: str
    screen: Screen
    place: int = 1
    count: int = 1
    score: int | None = None
    can_unsubscribe: bool = False
    question_set: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form is shown with again.

    The fields given so far, and a sentence by key for each answer that cannot be accepted.
    """

    values: Fields
    errors: Mapping[str, str]


@keep_pages(1024)
def form_page(
    questionnaire: CompiledQuestionnaire,
    *,
    language: str,
    score: int | None,
    can_unsubscribe: bool,
    question_set: str = "",
) -> Page:
    """Return the empty form that all customers of one rotating set see.

    `score` preselects a question and answers nothing.
    """
    screen = Walk(questionnaire.steps[:1], question_set=question_set).screens[0]
    sheet = Sheet(language, screen, score=score, can_unsubscribe=can_unsubscribe, question_set=question_set)
    return compress(
        render_form(questionnaire, sheet, Filled(_scored(questionnaire, screen, score), {}), pipe=mark)
    )


def sheet_page(questionnaire: CompiledQuestionnaire, sheet: Sheet, known: Known) -> Page:
    """Return one screen's empty form, with the holes of its texts filled."""
    page, segments = _sheet(questionnaire, sheet)
    return page if segments is None else squeeze(join(segments, known), page.policy)


@keep_pages(1024)
def _sheet(questionnaire: CompiledQuestionnaire, sheet: Sheet) -> tuple[Page, Segments | None]:
    page = compress(
        render_form(
            questionnaire, sheet, Filled(_scored(questionnaire, sheet.screen, sheet.score), {}), pipe=mark
        )
    )
    return page, cut(page.plain) if questionnaire.pipes else None


def form_again(questionnaire: CompiledQuestionnaire, sheet: Sheet, filled: Filled, known: Known) -> Page:
    """Return a form with what was answered so far and a sentence at each field that cannot be accepted."""
    return render_form(questionnaire, sheet, filled, pipe=partial(fill, known=known))


def _scored(questionnaire: CompiledQuestionnaire, screen: Screen, score: int | None) -> dict[str, list[str]]:
    """Return the field that a score in the address fills in."""
    scored = questionnaire.first_scored
    if scored is None or score not in scored.scores or scored.key not in screen.keys:
        return {}
    return {scored.key: [str(score)]}


def thanks_page(
    questionnaire: CompiledQuestionnaire,
    *,
    language: str,
    received_at: datetime,
    is_first: bool,
    end: int | None = None,
    known: Known | None = None,
) -> Page:
    """Return the thanks with the minute in which the answer was received.

    `is_first` is false when it had been received before. `end` is the number of the end page that is shown
    instead of the questionnaire's own thanks.
    """
    minute = received_at.replace(second=0, microsecond=0)
    page, segments = _thanks(questionnaire, language, minute, is_first, end)
    return page if segments is None or known is None else squeeze(join(segments, known), page.policy)


@keep_pages(1024)
def _thanks(
    questionnaire: CompiledQuestionnaire,
    language: str,
    minute: datetime,
    is_first: bool,  # noqa: FBT001 - a cache key
    end: int | None,
) -> tuple[Page, Segments | None]:
    text, redirect = questionnaire.document.thanks, ""
    if end is not None:
        text, redirect = questionnaire.ends[end].text, questionnaire.ends[end].redirect
    with translation.override(language):
        title = _("Thank you!") if is_first else _("You have already answered. Thank you!")
        page = notice(
            language=language,
            languages=questionnaire.languages if not is_first else (),
            title=title,
            paragraphs=[mark(text.get(language, ""))],
            tone="good",
            mark="✓",
            received=_("Received on %(time)s.") % {"time": local_time(minute)},
            redirect=redirect if redirect and is_allowed_redirect(redirect) else "",
        )
    squeezed = compress(page)
    return squeezed, cut(squeezed.plain) if questionnaire.end_pipes else None


def question_contexts(
    questions: Sequence[CompiledQuestion],
    *,
    language: str,
    values: Fields,
    errors: Mapping[str, str],
    pipe: Callable[[str], str] = str,
) -> list[dict[str, Any]]:
    """Return what the templates of the questions show.

    With the answers and errors so far, by key; `pipe` fills in what texts repeat.
    """
    with translation.override(language):
        contexts = [
            question.context(language=language, values=values, error=errors.get(question.key, ""))
            for question in questions
        ]
    return [{**context, "text": pipe(context["text"]), "help": pipe(context["help"])} for context in contexts]


def form_context(
    questionnaire: CompiledQuestionnaire,
    sheet: Sheet,
    filled: Filled,
    *,
    pipe: Callable[[str], str] = str,
    own: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what the template of forms shows on one screen; `own` as in `render_form`."""
    language, screen = sheet.language, sheet.screen
    asked = [question for question in questionnaire.questions if question.key in screen.keys]
    questions = question_contexts(
        asked, language=language, values=filled.values, errors=filled.errors, pipe=pipe
    )
    lead, rest = (
        _led_by_score(questionnaire, asked, questions)
        if _scored(questionnaire, screen, sheet.score)
        else (questions, [])
    )
    texts = {question["key"]: question["text"] for question in questions} | (own or {}).get("texts", {})
    return {
        "title": pipe(questionnaire.word("title", language)),
        "intro": pipe(questionnaire.word("intro", language)) if sheet.place == 1 else "",
        "questions": lead,
        "more": rest,
        "errors": [
            {"key": key, "question": texts.get(key, ""), "message": message}
            for key, message in filled.errors.items()
        ],
        "can_unsubscribe": sheet.can_unsubscribe,
        "form": _form_mark(questionnaire, sheet) if own is None else None,
        "number": screen.number if len(questionnaire.steps) > 1 and own is None else None,
        "own": own,
        "place": sheet.place,
        "count": sheet.count,
        "privacy": questionnaire.word("privacy", language),
        "hotline": questionnaire.document.hotline or brand().hotline,
        "has_files": any(question.takes_uploads for question in asked),
        "script": page_script(),
        "more_script": page_script(DRAWING) if any(question.needs_script for question in asked) else "",
        "data": _data_for_script(asked, screen, language),
    }


def _form_mark(questionnaire: CompiledQuestionnaire, sheet: Sheet) -> FormMark | None:
    """Return what the form says of itself when it comes back, where that is enough to take it."""
    drawable = questionnaire.drawable
    if not questionnaire.takes_at_once or sheet.question_set not in drawable:
        return None
    return FormMark(questionnaire.version_id, sheet.language, drawable.index(sheet.question_set))


def render_form(
    questionnaire: CompiledQuestionnaire,
    sheet: Sheet,
    filled: Filled,
    *,
    pipe: Callable[[str], str] = str,
    own: Mapping[str, Any] | None = None,
) -> Page:
    """Return a form.

    `own` are the fields of its own that an open one has; it shows all on one screen, and no trap for
    scanners.
    """
    context = form_context(questionnaire, sheet, filled, pipe=pipe, own=own)
    page = render(
        "questionnaires/form.html",
        language=sheet.language,
        languages=questionnaire.languages,
        context=context,
    )
    return replace(page, policy=form_policy(has_drawing=questionnaire.has_drawing))


def _led_by_score(
    questionnaire: CompiledQuestionnaire, asked: Sequence[CompiledQuestion], contexts: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the scored question with what follows from it, and the rest, which may be left out.

    All are together where an answer is due to another one.
    """
    scored = questionnaire.first_scored
    before = takewhile(lambda question: question is not scored, asked)
    lead = {question.key for question in before if question.statistics is Statistics.NONE}
    lead |= {question.key for question in asked if question is scored}
    lead |= {question.key for question in asked if _depends_on(question, scored)}
    if any(question.is_required and question.key not in lead for question in asked):
        return contexts, []
    return [shown for shown in contexts if shown["key"] in lead], [
        shown for shown in contexts if shown["key"] not in lead
    ]


def _depends_on(question: CompiledQuestion, subject: CompiledQuestion | None) -> bool:
    tests = question.condition.tests if question.condition and subject else ()
    return any(test.of == ConditionSource.ANSWER and subject and test.name == subject.key for test in tests)


def _data_for_script(asked: Sequence[CompiledQuestion], screen: Screen, language: str) -> SafeString:
    """Return the conditions that are decided on the screen, as JSON that is safe within a page.

    The sentences of the script are in it too.
    """
    with translation.override(language):
        sentences = [
            _(
                "No connection. Your answers are saved on this device and will be sent when you are back "
                "online."
            ),
            _("We are busy right now. Your answers are saved on this device and will be sent shortly."),
            _("Your earlier answers are saved on this device but not sent yet. Please send them."),
            _("Larger text"),
        ]
        has_files = any(question.takes_uploads for question in asked)
        more = (
            [MOST_BYTES, _("Your files are too large together. Please choose smaller ones, or fewer.")]
            if has_files
            else []
        )
    return as_data(
        {"asked": conditions_on(screen, asked), "say": sentences} | ({"files": more} if more else {})
    )


def conditions_on(screen: Screen, asked: Sequence[CompiledQuestion], *, prefix: str = "") -> list[list[Any]]:
    """Return the questions that conditions on a screen are about.

    Of each its key, the kind of its answer (number, list, words, file), and its condition or None. `prefix`
    is put before the keys where the form has names of its own.
    """
    conditions = {question.key: question.condition or ConditionContent() for question in asked}
    left = {key: [conditions[key].tests[place] for place in places] for key, _join, places in screen.left}
    subjects = {test.name for tests in left.values() for test in tests}
    concerned = subjects | left.keys()
    return [
        [
            f"{prefix}{one.key}",
            _kind(one),
            {"join": conditions[one.key].join, "tests": [_for_script(test, prefix) for test in left[one.key]]}
            if one.key in left
            else None,
        ]
        for one in asked
        if one.key in concerned
    ]


def _for_script(test: ConditionTest, prefix: str) -> dict[str, Value]:
    value = {} if test.compared is None else {"value": test.compared}
    return {"of": test.of, "name": f"{prefix}{test.name}", "operator": test.operator, **value}


def as_data(content: Mapping[str, Any]) -> SafeString:
    """Return what a script is told, as JSON that is safe within a page."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S308 - escaped as JSON


def _kind(question: CompiledQuestion) -> str:
    if question.is_kept:
        return "f"
    return {AnswerKind.NUMBER: "n", AnswerKind.OPTIONS: "l"}.get(question.answer_kind, "s")


def squeeze(plain: bytes, policy: str) -> Page:
    """Squeeze a page of one customer's words in a hurry."""
    return Page(plain, gzip.compress(plain, compresslevel=1, mtime=0), policy)
