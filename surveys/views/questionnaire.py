"""`/r/<token>/`: GET shows the questionnaire and writes nothing, POST stores the answers and then says thank you."""

import time
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.customers.enums import CONSENT_PURPOSES
from surveys.enums import VoidReason
from surveys.services import pages
from surveys.services.answering import Outcome, ReadAnswers, Submission, read_answers
from surveys.services.collecting import collector
from surveys.services.link_visits import count_visit
from surveys.services.links import Link, find_link
from surveys.views.forms import UnreadableForm, read_fields
from surveys.views.replies import reply, reply_again, reply_trouble

# In a request's META: the moment of `time.monotonic()` at which it has to be answered.
UNTIL = "feedback_site.until"
_PATIENCE_SECONDS = 4.0


@dataclass(frozen=True)
class Visit:
    """A request for a known link: what it leads to and in which language."""

    request: HttpRequest
    link: Link
    questionnaire: pages.CompiledQuestionnaire
    language: str

    @property
    def can_unsubscribe(self) -> bool:
        """Whether there is somebody who was sent this link."""
        return self.link.customer_id is not None and self.link.purpose in CONSENT_PURPOSES


def find_visit(request: HttpRequest, token: str) -> Visit | None:
    """Return what the link leads to; None for an unknown or revoked one."""
    link = find_link(token)
    if link is None:
        return None
    questionnaire = pages.questionnaire_of(link.version_id)
    language = questionnaire.language_of(request.GET.get("lang", ""), link.language)
    return Visit(request, link, questionnaire, language)


def questionnaire(request: HttpRequest, token: str) -> HttpResponse:
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


def _take(visit: Visit) -> HttpResponse:
    if not visit.link.answered_at and (visit.link.void_reason or visit.link.is_expired):
        return _say_ended(visit)
    try:
        fields = read_fields(visit.request)
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


def _submit(visit: Visit, read: ReadAnswers) -> HttpResponse:
    submission = Submission(
        invitation_id=visit.link.invitation_id,
        answers=read.answers,
        satisfaction=read.satisfaction,
        nps=read.nps,
        language=visit.language,
    )
    until = visit.request.META.get(UNTIL) or time.monotonic() + _PATIENCE_SECONDS
    receipt = collector.submit(submission, at=visit.link.at, until=until)
    if receipt.outcome in {Outcome.ACCEPTED, Outcome.REPEATED} and receipt.received_at:
        return _thank(visit, received_at=receipt.received_at, is_first=True)
    if receipt.outcome is Outcome.DIFFERENT and receipt.received_at:
        return _say_first_counts(visit, receipt.received_at)
    if receipt.outcome is Outcome.UNSEEN:
        return reply_again(visit.request, 503)
    return reply_trouble(404) if receipt.outcome is Outcome.UNKNOWN else _say_ended(visit)


def _thank(visit: Visit, *, received_at: datetime, is_first: bool) -> HttpResponse:
    page = pages.thanks_page(visit.questionnaire, language=visit.language, received_at=received_at, is_first=is_first)
    return reply(visit.request, page)


def _say_first_counts(visit: Visit, received_at: datetime) -> HttpResponse:
    with translation.override(visit.language):
        page = pages.notice(
            language=visit.language,
            languages=(),
            title=_("Your first answer counts"),
            paragraphs=[_("You have already answered, so these changed answers were not stored.")],
            mark="!",
            received=_("Received on %(time)s.") % {"time": pages.local_time(received_at)},
        )
    return reply(visit.request, page, status=409)


def _say_ended(visit: Visit) -> HttpResponse:
    languages = () if visit.request.method == "POST" else visit.questionnaire.document["languages"]
    with translation.override(visit.language):
        title, text = _ending(visit.link)
        page = pages.notice(language=visit.language, languages=languages, title=title, paragraphs=[text], mark="…")
    return reply(visit.request, page, status=410)


def _ending(link: Link) -> tuple[str, str]:
    if link.void_reason == VoidReason.REOPENED:
        return _("We are still working on it"), _("Your case was reopened. We will ask you again when it is done.")
    if link.void_reason == VoidReason.CONSENT_WITHDRAWN:
        return _("We will not ask you"), _("You told us not to be asked, so this questionnaire is closed.")
    if link.void_reason:
        return _("This questionnaire was withdrawn"), _("You do not need to answer it. Thank you for wanting to.")
    text = _("It could be answered until %(time)s. Thank you for wanting to.")
    return _("This questionnaire has ended"), text % {"time": pages.local_time(link.expires_at)}


def _score(request: HttpRequest) -> int | None:
    score = request.GET.get("score", "")
    return int(score) if score.isascii() and score.isdecimal() and len(score) <= 2 else None  # noqa: PLR2004 - 10 is the highest


def _count(visit: Visit) -> None:
    """Count a person's visit: not a scanner that only asks for headers, nor a browser that fetches ahead."""
    meta = visit.request.META
    fetches_ahead = "prefetch" in f"{meta.get('HTTP_SEC_PURPOSE', '')} {meta.get('HTTP_PURPOSE', '')} {meta.get('HTTP_X_MOZ', '')}"
    if visit.request.method == "GET" and not fetches_ahead:
        count_visit(invitation_id=visit.link.invitation_id, at=visit.link.at)
