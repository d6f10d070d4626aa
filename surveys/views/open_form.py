"""`/s/<code>/`: a person who has the code answers, without an invitation.

GET writes nothing; one form handed out counts once.
"""

import hmac
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from http.cookies import CookieError, SimpleCookie

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback_site.common.client_address import UNKNOWN, address_in, network_of
from feedback_site.common.languages import organisation_languages
from feedback_site.common.public_forms import STAMP, Guard, Refusal, Stamp, make_stamp, read_recent_stamp
from feedback_site.common.public_pages import (
    SWITCHES,
    Reply,
    Request,
    UnreadableForm,
    language_of,
    local_time,
    notice,
    reply,
    reply_again,
    reply_trouble,
)
from feedback_site.questionnaires.pages import form_pages
from feedback_site.questionnaires.questions import Fields, InvalidAnswer
from feedback_site.questionnaires.services.piping import Known
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire, questionnaire_of
from feedback_site.questionnaires.walk import end_reached
from surveys.enums import OpenState
from surveys.pages.notices import first_answer_page
from surveys.pages.open_forms import TICKET, VERSION, OpenFilled, OpenSheet, open_form_again, open_form_page
from surveys.selectors.open_questionnaires import OpenPlace, find_place
from surveys.services.open_questionnaires.answering import (
    OpenSubmission,
    find_open_receipt,
    mark_device,
    read_openly,
    read_ticket_number,
    set_of,
    submission_key,
    submit_openly,
)
from surveys.services.responses.answering import Outcome, Receipt

# Longer numbers no version has, and Python reads none of thousands of digits.
_MOST_DIGITS = 18
_COOKIE = "answered"
_STATUS = {OpenState.OPEN: 200, OpenState.TO_COME: 403, OpenState.OVER: 410, OpenState.CLOSED: 410}


@dataclass(frozen=True)
class Caller:
    """A request for a known code, and the language to reply in."""

    request: Request
    place: OpenPlace
    language: str

    def purpose(self, version_id: int) -> str:
        """What a stamp is good for: one version at one place."""
        return f"open {self.place.code} {version_id}"


@dataclass(frozen=True)
class Handed:
    """A form as it was handed out: its version, its set and its stamp, empty where a new one is due."""

    questionnaire: CompiledQuestionnaire
    sheet: OpenSheet
    stamp: Stamp | None
    text: str


def open_form(request: Request, code: str) -> Reply:
    """Show the form, take its answers, or say that none are taken."""
    place = find_place(code)
    if place is None:
        return reply_trouble(404)
    caller = Caller(request, place, language_of(request, place.language))
    if request.method == "POST":
        return _take(caller)
    if place.state is not OpenState.OPEN:
        return _say_closed(caller)
    handed = _hand_out(caller)
    return reply(request, open_form_page(handed.questionnaire, handed.sheet, stamp=handed.text))


def _hand_out(caller: Caller) -> Handed:
    """Hand out a form of the newest version."""
    text = make_stamp(purpose=caller.purpose(caller.place.version_id), at=caller.place.at)
    return _handed(caller, caller.place.version_id, None, text)


def _handed(caller: Caller, version_id: int, stamp: Stamp | None, text: str) -> Handed:
    questionnaire = questionnaire_of(version_id)
    language = questionnaire.language_of(caller.request.asked("lang"), caller.language)
    question_set = set_of(version_id=version_id, number=text.split(".")[1])
    return Handed(
        questionnaire, OpenSheet(language, question_set, caller.place.asks_ticket_number), stamp, text
    )


def _handed_before(caller: Caller, fields: Fields) -> Handed:
    """Return the form that is sent, as it was handed out; a new one where that is not ours or too old."""
    version = (fields.get(VERSION) or [""])[0]
    if version.isascii() and version.isdecimal() and len(version) <= _MOST_DIGITS:
        stamp = read_recent_stamp(fields, purpose=caller.purpose(int(version)), at=caller.place.at)
        if stamp is not None and stamp.number:
            return _handed(caller, int(version), stamp, fields[STAMP][0])
    return _hand_out(caller)


def _take(caller: Caller) -> Reply:
    try:
        fields = caller.request.read_fields()
    except UnreadableForm as error:
        return reply_trouble(error.status)
    handed = _handed_before(caller, fields)
    with translation.override(handed.sheet.language):
        submission, errors = _read(caller, handed, fields)
        if caller.place.state is not OpenState.OPEN:
            known = find_open_receipt(submission) if handed.stamp else None
            return _thank(caller, handed, submission, known) if known else _say_closed(caller)
        if errors:
            return _show_again(caller, handed, OpenFilled(fields, errors), 422)
        receipt = find_open_receipt(submission)
        if receipt is None:
            refusal = _refusal(caller, handed, fields)
            if refusal:
                filled = OpenFilled(fields, {"": refusal.sentence})
                return _show_again(caller, handed, filled, refusal.status)
            receipt = submit_openly(submission, at=caller.place.at)
        return _with_note(caller, _thank(caller, handed, submission, receipt))


def _read(caller: Caller, handed: Handed, fields: Fields) -> tuple[OpenSubmission, dict[str, str]]:
    """Return what was sent, and a sentence for each field that cannot be taken."""
    read = read_openly(handed.questionnaire, fields, question_set=handed.sheet.question_set)
    errors, ticket_number = dict(read.errors), ""
    try:
        ticket_number = read_ticket_number(fields.get(TICKET, ())) if handed.sheet.asks_ticket_number else ""
    except InvalidAnswer as error:
        errors[TICKET] = str(error)
    if handed.stamp is None and not errors:
        errors[""] = _("This page was open for a long time. Please check your answers and send them again.")
    submission = OpenSubmission(
        place=caller.place,
        version_id=handed.questionnaire.version_id,
        question_set=handed.sheet.question_set,
        key=submission_key(number=handed.text.split(".")[1]),
        read=read,
        ticket_number=ticket_number,
        language=handed.sheet.language,
        device_mark=_mark(caller),
        has_answered=_has_answered(caller),
    )
    return submission, errors


def _mark(caller: Caller) -> bytes | None:
    """Return the mark of the device, None where a proxy hides from where requests come."""
    address = address_in(caller.request.environ)
    if address == UNKNOWN:
        return None
    return mark_device(
        place=caller.place,
        signals={"address": network_of(address), "browser": caller.request.header("USER_AGENT")},
    )


def _note_of(caller: Caller) -> str:
    """Return what a browser keeps after an answer: that it has answered here today.

    Nothing in it says whose it is.
    """
    return mark_device(place=caller.place, signals={"browser": "has answered"}).hex()


def _has_answered(caller: Caller) -> bool:
    """Whether the browser brings such a note along, whatever it calls itself and from wherever it comes."""
    cookies = SimpleCookie()
    with suppress(CookieError):
        cookies.load(caller.request.header("COOKIE"))
    return _COOKIE in cookies and hmac.compare_digest(
        cookies[_COOKIE].value.encode(), _note_of(caller).encode()
    )


def _with_note(caller: Caller, thanks: Reply) -> Reply:
    secure = "; Secure" if caller.request.is_secure else ""
    note = (
        f"{_COOKIE}={_note_of(caller)}; Path=/s/{caller.place.code}/; Max-Age=86400; HttpOnly; "
        f"SameSite=Lax{secure}"
    )
    return replace(thanks, headers=(*thanks.headers, ("Set-Cookie", note)))


def _guard() -> Guard:
    return Guard(
        per_hour=settings.OPEN_ANSWERS_PER_HOUR,
        per_day=settings.OPEN_ANSWERS_PER_DAY,
        was_too_fast=gettext_lazy("Please check your answers and send them once more."),
        too_many_in_an_hour=gettext_lazy(
            "Too many answers came from your network. Yours were not saved. Please try again in an hour."
        ),
        too_many_in_a_day=gettext_lazy(
            "Too many answers came from your network today. Yours were not saved. Please try again tomorrow."
        ),
    )


def _refusal(caller: Caller, handed: Handed, fields: Fields) -> Refusal | None:
    return _guard().refuse(
        fields,
        issued_at=handed.stamp.issued_at if handed.stamp else None,
        form=f"open {caller.place.code}",
        address=address_in(caller.request.environ),
        at=caller.place.at,
    )


def _show_again(caller: Caller, handed: Handed, filled: OpenFilled, status: int) -> Reply:
    page = open_form_again(handed.questionnaire, handed.sheet, filled, stamp=handed.text)
    return reply(caller.request, page, status=status)


def _thank(caller: Caller, handed: Handed, submission: OpenSubmission, receipt: Receipt) -> Reply:
    if receipt.received_at is None:
        return reply_again(caller.request, 503)
    if receipt.outcome is Outcome.DIFFERENT:
        return _say_first_counts(caller, receipt.received_at)
    questionnaire, answers = handed.questionnaire, submission.read.answers
    page = form_pages.thanks_page(
        questionnaire,
        language=handed.sheet.language,
        received_at=receipt.received_at,
        is_first=True,
        end=end_reached(questionnaire.ends, answers=answers, facts={}),
        known=Known(handed.sheet.language, answers=answers, questions=questionnaire.questions),
    )
    return reply(caller.request, page)


def _say_first_counts(caller: Caller, received_at: datetime) -> Reply:
    page = first_answer_page(language=caller.language, received_at=received_at)
    return reply(caller.request, page, status=409)


def _say_closed(caller: Caller) -> Reply:
    languages = () if caller.request.method == "POST" else organisation_languages()
    with translation.override(caller.language):
        title, text = _ending(caller.place)
        foot = {
            "address": f"/voice/?lang={SWITCHES[caller.language]['parameter']}",
            "text": _("Tell us something"),
        }
        page = notice(
            language=caller.language, languages=languages, title=title, paragraphs=[text], mark="…", foot=foot
        )
    return reply(caller.request, page, status=_STATUS[caller.place.state])


def _ending(place: OpenPlace) -> tuple[str, str]:
    if place.state is OpenState.TO_COME and place.starts_at:
        return _("This questionnaire is not open yet"), _("It can be answered from %(time)s.") % {
            "time": local_time(place.starts_at)
        }
    if place.state is OpenState.OVER and place.ends_at:
        text = _("It closed on %(time)s. Thank you for your interest.")
        return _("This questionnaire has ended"), text % {"time": local_time(place.ends_at)}
    return _("This questionnaire has stopped taking answers"), _(
        "It is no longer taking answers. Thank you for your interest."
    )
