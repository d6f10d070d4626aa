"""`/r/<token>/on-site/`: what the customer sees who scans a code that staff show.

The token is that of the code, never that of an invitation: how the answer came about is told by
it and by nothing that is sent. Where a phone is on record the code asks for its last four digits,
and leads to the form, whose address has a token of its own. The form is one page: nothing that is
unfinished is kept, so what was begun on site is not found again behind the customer's own link.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.common.clock import database_now
from feedback_site.common.public_pages import notice, render, reply, reply_again, reply_trouble
from feedback_site.common.public_pages.http import Form, Reply, Request, UnreadableForm
from feedback_site.questionnaires.pages import form_pages
from feedback_site.questionnaires.questions import Fields
from feedback_site.questionnaires.selectors.event_facts import NOTHING, EventFacts, event_facts
from feedback_site.questionnaires.services.piping import Known, fill
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire, questionnaire_of
from feedback_site.questionnaires.walk import ReadAnswers, Walk
from surveys.enums import ResponseMode
from surveys.pages.notices import first_answer_page
from surveys.services.files import BusyError, take_files
from surveys.services.on_site.confirming import (
    DIGITS,
    CodeEndedError,
    OnSite,
    confirm_on_site,
    find_on_site,
    read_digits,
    submit_on_site,
)
from surveys.services.on_site.showing import on_site_path
from surveys.services.responses.answering import Outcome, Receipt, Submission
from surveys.views import steps

_FIELD = "digits"
# A form of this page has neither a mark nor pages to go to.
_OWN: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class _Caller:
    """A request for a known code, at one moment and in one language."""

    request: Request
    found: OnSite
    questionnaire: CompiledQuestionnaire
    language: str
    at: datetime


def on_site(request: Request, token: str) -> Reply:
    """Ask for the digits or show the form, take them, or say truthfully what became of the code."""
    at = database_now()
    found = find_on_site(token=token, at=at)
    if found is None:
        return reply_trouble(404)
    questionnaire = questionnaire_of(found.link.version_id)
    caller = _Caller(
        request,
        found,
        questionnaire,
        questionnaire.language_of(request.asked("lang"), found.link.language),
        at,
    )
    try:
        return _serve(caller)
    except UnreadableForm as error:
        return reply_trouble(error.status)
    except BusyError:
        return reply_again(request, 503)


def _serve(caller: _Caller) -> Reply:
    found, is_sent = caller.found, caller.request.method == "POST"
    if found.link.answered_at and (found.asks_digits or not is_sent):
        return _thank(caller, found.link.answered_at, is_first=False)
    if not found.link.answered_at and (found.is_over or found.link.void_reason or found.link.is_expired):
        return _say_ended(caller)
    if found.asks_digits:
        return _take_digits(caller) if is_sent else _ask_digits(caller)
    return _take(caller) if is_sent else _show(caller, {}, {})


def _ask_digits(caller: _Caller, problem: str = "") -> Reply:
    with translation.override(caller.language):
        context = {
            "title": _("Is this your phone?"),
            "text": _(
                "Please type the last four digits of the phone number that you gave us. So we know that it "
                "is you who answers."
            ),
            "digits": DIGITS,
            "problem": problem,
        }
    languages = caller.questionnaire.languages
    page = render(
        "surveys/on_site_digits.html", language=caller.language, languages=languages, context=context
    )
    return reply(caller.request, page, status=422 if problem else 200)


def _take_digits(caller: _Caller) -> Reply:
    digits = read_digits((caller.request.read_fields().get(_FIELD) or [""])[-1])
    with translation.override(caller.language):
        if not digits:
            return _ask_digits(caller, _("Please type four digits."))
        try:
            token = confirm_on_site(found=caller.found, digits=digits, at=caller.at)
        except CodeEndedError:
            return _say_ended(caller)
        if token is None:
            return _ask_digits(
                caller,
                _(
                    "These are not the last four digits of the number that we know. After three wrong tries "
                    "the code ends."
                ),
            )
    asked = caller.request.asked("lang")
    language = f"?lang={asked}" if asked.isascii() and asked.replace("-", "").isalnum() else ""
    return Reply(303, headers=(("Location", f"{on_site_path(token)}{language}"),))


def _show(caller: _Caller, values: Fields, errors: dict[str, str]) -> Reply:
    """Show all questions on one page, as far as the event does not rule them out."""
    questionnaire, link = caller.questionnaire, caller.found.link
    facts = _facts(caller)
    empty = Walk([questionnaire.questions], facts=facts.tested, question_set=link.question_set)
    sheet = form_pages.Sheet(caller.language, empty.screens[0], question_set=link.question_set)
    known = Known(caller.language, facts, {}, questionnaire.questions)
    page = form_pages.render_form(
        questionnaire, sheet, form_pages.Filled(values, errors), pipe=partial(fill, known=known), own=_OWN
    )
    return reply(caller.request, page, status=422 if errors else 200)


def _facts(caller: _Caller) -> EventFacts:
    needs_facts = caller.questionnaire.needs_facts or "event" in caller.questionnaire.pipes
    return event_facts(caller.found.link.service_event_id) if needs_facts else NOTHING


def _take(caller: _Caller) -> Reply:
    questionnaire, link = caller.questionnaire, caller.found.link
    takes_uploads = questionnaire.takes_uploads
    form = caller.request.read_form() if takes_uploads else Form(caller.request.read_fields(), {})
    with translation.override(caller.language):
        fields: Fields = form.fields
        if questionnaire.keeps_files:
            fields = take_files(
                invitation_id=link.invitation_id,
                questions=questionnaire.questions,
                fields=form.fields,
                uploads=form.files,
                at=caller.at,
            )
    walk = Walk([questionnaire.questions], fields, _facts(caller).tested, link.question_set, caller.language)
    read = walk.read
    if read.errors:
        return (
            _say_first_counts(caller, link.answered_at)
            if link.answered_at
            else _show(caller, fields, dict(read.errors))
        )
    submission = Submission.of(
        read, invitation_id=link.invitation_id, language=caller.language, mode=ResponseMode.ON_SITE
    )
    return _say(caller, submit_on_site(found=caller.found, submission=submission, at=caller.at), read)


def _say(caller: _Caller, receipt: Receipt, read: ReadAnswers) -> Reply:
    if receipt.outcome in {Outcome.ACCEPTED, Outcome.REPEATED} and receipt.received_at:
        return _thank(caller, receipt.received_at, is_first=True, read=read)
    if receipt.outcome is Outcome.DIFFERENT and receipt.received_at:
        return _say_first_counts(caller, receipt.received_at)
    return reply_again(caller.request, 503) if receipt.outcome is Outcome.UNSEEN else _say_ended(caller)


def _thank(
    caller: _Caller, received_at: datetime, *, is_first: bool, read: ReadAnswers | None = None
) -> Reply:
    """Say thank you; of answers given before nothing is shown.

    Those who hold a code need not be those who gave them.
    """
    end, known = None, None
    if read is not None and not caller.questionnaire.has_plain_thanks:
        end, known = steps.last_words(caller.found.link, caller.questionnaire, caller.language, read.answers)
    elif not caller.questionnaire.has_plain_thanks:
        known = Known(caller.language, NOTHING, {}, caller.questionnaire.questions)
    page = form_pages.thanks_page(
        caller.questionnaire,
        language=caller.language,
        received_at=received_at,
        is_first=is_first,
        end=end,
        known=known,
    )
    return reply(caller.request, page)


def _say_first_counts(caller: _Caller, received_at: datetime) -> Reply:
    page = first_answer_page(language=caller.language, received_at=received_at)
    return reply(caller.request, page, status=409)


def _say_ended(caller: _Caller) -> Reply:
    languages = () if caller.request.method == "POST" else caller.questionnaire.languages
    with translation.override(caller.language):
        page = notice(
            language=caller.language,
            languages=languages,
            title=_("This code has ended"),
            paragraphs=[
                _(
                    "A code can be used for 15 minutes. Please use the link in our text message or email, or "
                    "ask for a new code."
                )
            ],
            mark="…",
        )
    return reply(caller.request, page, status=410)
