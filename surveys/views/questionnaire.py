"""`/r/<token>/`: GET shows the questionnaire and writes nothing, POST stores the answers and then says thank you."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.common.public_pages import local_time, notice, reply, reply_again, reply_trouble
from feedback_site.common.public_pages.http import Reply, Request, UnreadableForm
from feedback_site.customers.enums import CONSENT_PURPOSES
from surveys.enums import VoidReason
from surveys.services import pages
from surveys.services.answering import Outcome, ReadAnswers, Submission, read_answers
from surveys.services.collecting import collector
from surveys.services.effects import submit_with_effects
from surveys.services.link_visits import count_visit
from surveys.services.links import Link, find_link


@dataclass(frozen=True)
class Visit:
    """A request for a known link: what it leads to and in which language."""

    request: Request
    link: Link
    questionnaire: pages.CompiledQuestionnaire
    language: str

    @property
    def can_unsubscribe(self) -> bool:
        """Whether there is somebody who was sent this link."""
        return self.link.customer_id is not None and self.link.purpose in CONSENT_PURPOSES


def find_visit(request: Request, token: str) -> Visit | None:
    """Return what the link leads to; None for an unknown or revoked one."""
    link = find_link(token)
    if link is None:
        return None
    questionnaire = pages.questionnaire_of(link.version_id)
    language = questionnaire.language_of(request.asked("lang"), link.language)
    return Visit(request, link, questionnaire, language)


def questionnaire(request: Request, token: str) -> Reply:
    """Show the questionnaire, take its answers, or say truthfully what became of the link."""
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
    page = pages.form_page(visit.questionnaire, language=visit.language, score=_score(request), can_unsubscribe=visit.can_unsubscribe)
    return reply(request, page)


def _take(visit: Visit) -> Reply:
    if not visit.link.answered_at and (visit.link.void_reason or visit.link.is_expired):
        return _say_ended(visit)
    try:
        fields = visit.request.read_fields()
    except UnreadableForm as error:
        return reply_trouble(error.status)
    with translation.override(visit.language):
        read = read_answers(visit.questionnaire.questions, fields)
    if not read.errors:
        return _submit(visit, read)
    if visit.link.answered_at:
        return _say_first_counts(visit, visit.link.answered_at)
    page = pages.form_with_errors(
        visit.questionnaire, language=visit.language, fields=fields, read=read, can_unsubscribe=visit.can_unsubscribe
    )
    return reply(visit.request, page, status=422)


def _submit(visit: Visit, read: ReadAnswers) -> Reply:
    submission = Submission.of(read, invitation_id=visit.link.invitation_id, language=visit.language)
    if submission.asides:
        receipt = submit_with_effects(submission, at=visit.link.at)
    else:
        receipt = collector.submit(submission, at=visit.link.at, until=visit.request.until)
    if receipt.outcome in {Outcome.ACCEPTED, Outcome.REPEATED} and receipt.received_at:
        return _thank(visit, received_at=receipt.received_at, is_first=True)
    if receipt.outcome is Outcome.DIFFERENT and receipt.received_at:
        return _say_first_counts(visit, receipt.received_at)
    if receipt.outcome is Outcome.UNSEEN:
        return reply_again(visit.request, 503)
    return reply_trouble(404) if receipt.outcome is Outcome.UNKNOWN else _say_ended(visit)


def _thank(visit: Visit, *, received_at: datetime, is_first: bool) -> Reply:
    page = pages.thanks_page(visit.questionnaire, language=visit.language, received_at=received_at, is_first=is_first)
    return reply(visit.request, page)


def _say_first_counts(visit: Visit, received_at: datetime) -> Reply:
    with translation.override(visit.language):
        page = notice(
            language=visit.language,
            languages=(),
            title=_("Your first answer counts"),
            paragraphs=[_("You have already answered, so these changed answers were not stored.")],
            mark="!",
            received=_("Received on %(time)s.") % {"time": local_time(received_at)},
        )
    return reply(visit.request, page, status=409)


def _say_ended(visit: Visit) -> Reply:
    languages = () if visit.request.method == "POST" else visit.questionnaire.document["languages"]
    with translation.override(visit.language):
        title, text = _ending(visit.link)
        page = notice(language=visit.language, languages=languages, title=title, paragraphs=[text], mark="…")
    return reply(visit.request, page, status=410)


def _ending(link: Link) -> tuple[str, str]:
    if link.void_reason == VoidReason.REOPENED:
        return _("We are still working on it"), _("Your case was reopened. We will ask you again when it is done.")
    if link.void_reason == VoidReason.CONSENT_WITHDRAWN:
        return _("We will not ask you"), _("You told us not to be asked, so this questionnaire is closed.")
    if link.void_reason:
        return _("This questionnaire was withdrawn"), _("You do not need to answer it. Thank you for wanting to.")
    text = _("It could be answered until %(time)s. Thank you for wanting to.")
    return _("This questionnaire has ended"), text % {"time": local_time(link.expires_at)}


def _score(request: Request) -> int | None:
    score = request.asked("score")
    return int(score) if score.isascii() and score.isdecimal() and len(score) <= 2 else None  # noqa: PLR2004 - 10 is the highest


def _count(visit: Visit) -> None:
    """Count a person's visit: not a scanner that only asks for headers, nor a browser that fetches ahead."""
    header = visit.request.header
    fetches_ahead = "prefetch" in f"{header('SEC_PURPOSE')} {header('PURPOSE')} {header('X_MOZ')}"
    if visit.request.method == "GET" and not fetches_ahead:
        count_visit(invitation_id=visit.link.invitation_id, at=visit.link.at)
