"""`/r/<token>/`: GET shows the questionnaire and writes nothing.

POST stores the answers and then says thank you.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.common.public_pages import local_time, notice, reply, reply_again, reply_trouble
from feedback_site.common.public_pages.http import Form, Reply, Request, UnreadableForm
from feedback_site.customers.enums import CONSENT_PURPOSES
from feedback_site.questionnaires.pages import form_pages
from feedback_site.questionnaires.pages.form_marks import BACK, FormMark, screen_left
from feedback_site.questionnaires.questions import Fields
from feedback_site.questionnaires.rules.conditions import Values
from feedback_site.questionnaires.services.questionnaires import (
    CompiledQuestionnaire,
    known_questionnaire,
    questionnaire_of,
)
from feedback_site.questionnaires.walk import ReadAnswers, Walk
from surveys.enums import VoidReason
from surveys.pages.notices import first_answer_page
from surveys.services.drafts.saving import mark_sent, read_draft
from surveys.services.files import BusyError, take_files
from surveys.services.links.looking_up import Link, find_link
from surveys.services.links.tokens import hash_token
from surveys.services.links.visits import count_visit
from surveys.services.responses.answering import AnsweredForm, Outcome, Submission
from surveys.services.responses.collecting import collector
from surveys.services.responses.effects import submit_with_effects
from surveys.views import steps


@dataclass(frozen=True)
class Visit:
    """A request for a known link: what it leads to and in which language."""

    request: Request
    link: Link
    questionnaire: CompiledQuestionnaire
    language: str
    token: str

    @property
    def can_unsubscribe(self) -> bool:
        """Whether there is a person who was sent this link."""
        return self.link.customer_id is not None and self.link.purpose in CONSENT_PURPOSES


def find_visit(request: Request, token: str) -> Visit | None:
    """Return what the link leads to; None for an unknown or revoked one."""
    link = find_link(token)
    if link is None:
        return None
    questionnaire = questionnaire_of(link.version_id)
    language = questionnaire.language_of(request.asked("lang"), link.language)
    return Visit(request, link, questionnaire, language, token)


def questionnaire(request: Request, token: str) -> Reply:
    """Show the questionnaire, take its answers, or say truthfully what became of the link."""
    taken = _take_at_once(request, token) if request.method == "POST" else None
    if taken is not None:
        return taken
    visit = find_visit(request, token)
    if visit is None:
        return reply_trouble(404)
    if request.method == "POST":
        return _take(visit)
    if visit.link.answered_at:
        return _thank(visit, received_at=visit.link.answered_at, is_first=False)
    if visit.link.void_reason or visit.link.is_expired:
        return _say_ended(visit)
    _count(visit)
    return _show(visit) if visit.questionnaire.is_plain else _show_screen(visit)


def _take_at_once(request: Request, token: str) -> Reply | None:
    """Write the answers of a form that says what it shows.

    The same statement finds out whether the link takes them.

    None: there is more to look at, or to say; nothing is written then, or what was written is found again.
    """
    try:
        fields = request.read_fields()
    except UnreadableForm:
        return None
    mark = FormMark.of(fields)
    questionnaire = known_questionnaire(mark.version_id) if mark else None
    if mark is None or questionnaire is None or not _is_form_of(questionnaire, mark):
        return None
    drawn = questionnaire.drawable[mark.drawn]
    read = Walk(questionnaire.steps, fields, question_set=drawn, language=mark.language).read
    if read.errors or read.asides:
        return None
    form = AnsweredForm(hash_token(token), mark.version_id, drawn)
    submission = Submission.of(read, form=form, language=mark.language)
    receipt = collector.submit(submission, at=None, until=request.until)
    if receipt.outcome not in {Outcome.ACCEPTED, Outcome.REPEATED} or receipt.received_at is None:
        return None
    return reply(
        request,
        form_pages.thanks_page(
            questionnaire, language=mark.language, received_at=receipt.received_at, is_first=True
        ),
    )


def _is_form_of(questionnaire: CompiledQuestionnaire, mark: FormMark) -> bool:
    """Return whether the questionnaire has such a form.

    Nothing but the form is needed to read it and to say thank you.
    """
    is_offered = mark.language in questionnaire.document.languages and mark.drawn < len(
        questionnaire.drawable
    )
    return is_offered and questionnaire.takes_at_once


def _show(visit: Visit) -> Reply:
    page = form_pages.form_page(
        visit.questionnaire,
        language=visit.language,
        score=_score(visit.request),
        can_unsubscribe=visit.can_unsubscribe,
        question_set=visit.link.question_set,
    )
    return reply(visit.request, page)


def _show_screen(visit: Visit) -> Reply:
    """Show the screen that is asked for, if all before it is in order, else the first that is unfinished."""
    journey = _begin(visit)
    place = steps.place_to_show(journey, asked=visit.request.asked("page"))
    given = journey.walk.fields_on(place)
    sheet = journey.sheet(
        place, can_unsubscribe=visit.can_unsubscribe, score=None if given else _score(visit.request)
    )
    if given:
        return reply(
            visit.request,
            form_pages.form_again(visit.questionnaire, sheet, form_pages.Filled(given, {}), journey.known),
        )
    return reply(visit.request, form_pages.sheet_page(visit.questionnaire, sheet, journey.known))


def _begin(visit: Visit) -> steps.Journey:
    return steps.begin(
        visit.link, visit.questionnaire, language=visit.language, asked=visit.request.asked("lang")
    )


def _take(visit: Visit) -> Reply:
    if not visit.link.answered_at and (visit.link.void_reason or visit.link.is_expired):
        return _say_ended(visit)
    try:
        form = (
            visit.request.read_form()
            if visit.questionnaire.takes_uploads
            else Form(visit.request.read_fields(), {})
        )
        return _take_whole(visit, form) if visit.questionnaire.is_plain else _take_screen(visit, form)
    except UnreadableForm as error:
        return reply_trouble(error.status)
    except BusyError:
        return reply_again(visit.request, 503)


def _take_whole(visit: Visit, form: Form) -> Reply:
    """Take a form of one screen that is the same for all customers."""
    fields = _keep_files(visit, form, language=visit.language)
    journey = steps.Journey.of(visit.link, visit.questionnaire, visit.language, fields)
    if not journey.walk.read.errors:
        return _submit(visit, journey.walk.read)
    if visit.link.answered_at:
        return _say_first_counts(visit, visit.link.answered_at)
    return _show_errors(visit, journey, 0)


def _keep_files(visit: Visit, form: Form, *, language: str) -> Fields:
    """Keep the files and signatures of a form; where none are asked for, that is a look at a flag."""
    if not visit.questionnaire.keeps_files:
        return form.fields
    with translation.override(language):
        return take_files(
            invitation_id=visit.link.invitation_id,
            questions=visit.questionnaire.questions,
            fields=form.fields,
            uploads=form.files,
            at=visit.link.at,
        )


def _take_screen(visit: Visit, form: Form) -> Reply:
    """Take what one screen says.

    Save it and lead to the next, say what is wrong, or submit all when it was the last.
    """
    begun = _begin(visit)
    fields = _keep_files(visit, form, language=begun.language)
    number = screen_left(fields)
    walk = begun.walk.say(number, fields)
    journey = replace(begun, walk=walk)
    if visit.link.answered_at:
        is_right = not walk.read.errors
        return _submit(visit, walk.read) if is_right else _say_first_counts(visit, visit.link.answered_at)
    following = walk.leave(number, is_back=BACK in fields)
    if len(visit.questionnaire.steps) > 1:
        page = walk.screens[-1 if following.place is None else following.place].number
        is_saved = steps.save_screen(journey, fields, page=page)
        if not is_saved and following.place is not None:
            # Answered, voided or at its end meanwhile: what that means is said again.
            return _say_what_became(visit)
    if following.place is None:
        return _submit(visit, walk.read)
    if following.is_again:
        return _show_errors(visit, journey, following.place)
    return steps.lead_to(walk.screens[following.place].number, visit.request.asked("lang"))


def _show_errors(visit: Visit, journey: steps.Journey, place: int) -> Reply:
    """Show one screen again with what was sent; what was read is shown as it was understood."""
    walk = journey.walk
    filled = form_pages.Filled(walk.fields_as_understood, walk.errors_to_show(place))
    sheet = journey.sheet(place, can_unsubscribe=visit.can_unsubscribe)
    return reply(
        visit.request, form_pages.form_again(journey.questionnaire, sheet, filled, journey.known), status=422
    )


def _say_what_became(visit: Visit) -> Reply:
    """Say what became of a link since it was looked up."""
    link = find_link(visit.token)
    if link is None:
        return reply_trouble(404)
    visit = replace(visit, link=link)
    return _say_first_counts(visit, link.answered_at) if link.answered_at else _say_ended(visit)


def _submit(visit: Visit, read: ReadAnswers) -> Reply:
    submission = Submission.of(read, invitation_id=visit.link.invitation_id, language=visit.language)
    if submission.asides:
        receipt = submit_with_effects(submission, at=visit.link.at)
    else:
        receipt = collector.submit(submission, at=visit.link.at, until=visit.request.until)
    if receipt.outcome in {Outcome.ACCEPTED, Outcome.REPEATED} and receipt.received_at:
        if len(visit.questionnaire.steps) > 1:
            mark_sent(visit.link.invitation_id)
        return _thank(visit, received_at=receipt.received_at, is_first=True, answers=read.answers)
    if receipt.outcome is Outcome.DIFFERENT and receipt.received_at:
        return _say_first_counts(visit, receipt.received_at)
    if receipt.outcome is Outcome.UNSEEN:
        return reply_again(visit.request, 503)
    return reply_trouble(404) if receipt.outcome is Outcome.UNKNOWN else _say_ended(visit)


def _thank(visit: Visit, *, received_at: datetime, is_first: bool, answers: Values | None = None) -> Reply:
    said = (
        None
        if visit.questionnaire.has_plain_thanks
        else steps.last_words(visit.link, visit.questionnaire, visit.language, answers)
    )
    end, known = said or (None, None)
    page = form_pages.thanks_page(
        visit.questionnaire,
        language=visit.language,
        received_at=received_at,
        is_first=is_first,
        end=end,
        known=known,
    )
    return reply(visit.request, page)


def _say_first_counts(visit: Visit, received_at: datetime) -> Reply:
    page = first_answer_page(language=visit.language, received_at=received_at)
    return reply(visit.request, page, status=409)


def _say_ended(visit: Visit) -> Reply:
    languages = () if visit.request.method == "POST" else visit.questionnaire.languages
    has_draft = len(visit.questionnaire.steps) > 1 and read_draft(visit.link.invitation_id) is not None
    with translation.override(visit.language):
        title, text = _ending(visit.link)
        kept = (
            [_("The answers you had given by then are saved.")]
            if has_draft and not visit.link.void_reason
            else []
        )
        page = notice(
            language=visit.language, languages=languages, title=title, paragraphs=[text, *kept], mark="…"
        )
    return reply(visit.request, page, status=410)


def _ending(link: Link) -> tuple[str, str]:
    if link.void_reason == VoidReason.REOPENED:
        return _("We are still working on it"), _(
            "Your request was reopened. We will ask for your feedback when it is finished."
        )
    if link.void_reason == VoidReason.CONSENT_WITHDRAWN:
        return _("You have opted out"), _("You asked us not to contact you, so this questionnaire is closed.")
    if link.void_reason:
        return _("This questionnaire was cancelled"), _(
            "You do not need to answer it. Thank you for your interest."
        )
    text = _("It closed on %(time)s. Thank you for your interest.")
    return _("This questionnaire has ended"), text % {"time": local_time(link.expires_at)}


def _score(request: Request) -> int | None:
    score = request.asked("score")
    return int(score) if score.isascii() and score.isdecimal() and len(score) <= 2 else None  # noqa: PLR2004 - 10 is the highest


def _count(visit: Visit) -> None:
    """Count a person's visit: not a scanner that only asks for headers, nor a browser that fetches ahead."""
    header = visit.request.header
    fetches_ahead = "prefetch" in f"{header('SEC_PURPOSE')} {header('PURPOSE')} {header('X_MOZ')}"
    if visit.request.method == "GET" and not fetches_ahead:
        count_visit(invitation_id=visit.link.invitation_id, at=visit.link.at, score=_score(visit.request))
