"""`/r/<token>/unsubscribe/`: GET asks, POST acts.

It works as long as the link is known, also after answering or expiry.
"""

from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.common.public_pages import Page, notice, reply, reply_trouble
from feedback_site.common.public_pages.http import Reply, Request
from feedback_site.customers.enums import Purpose
from feedback_site.customers.services import consenting_customer_ids
from surveys.services.invitations.wishes import say_by_link
from surveys.views.questionnaire import Visit, find_visit

CONSENT_SOURCE = "unsubscribe page"


def unsubscribe(request: Request, token: str) -> Reply:
    """Ask, or record the refusal. Any POST acts.

    Mail programs send `List-Unsubscribe=One-Click` (RFC 8058), people press a button.
    """
    visit = find_visit(request, token)
    if visit is None or visit.link.customer_id is None or not visit.can_unsubscribe:
        return reply_trouble(404)
    purpose = Purpose(visit.link.purpose)
    if request.method == "POST":
        say_by_link(link=visit.link, choices={purpose: False}, source=CONSENT_SOURCE)
        is_asked = False
    else:
        is_asked = visit.link.customer_id in consenting_customer_ids(
            customer_ids=[visit.link.customer_id], purpose=purpose
        )
    return reply(request, _page(visit, is_asked=is_asked))


def _page(visit: Visit, *, is_asked: bool) -> Page:
    is_open = not (visit.link.answered_at or visit.link.void_reason or visit.link.is_expired)
    with translation.override(visit.language):
        foot = {"address": "../", "text": _("Back to the questionnaire")} if is_open else None
        more = {"address": "../preferences/", "text": _("Choose what we may send you")}
        title = _("Stop receiving these messages?") if is_asked else _("You will not be asked again")
        return notice(
            language=visit.language,
            languages=visit.questionnaire.languages if visit.request.method != "POST" else (),
            title=title,
            paragraphs=[_promise(visit.link.purpose)],
            mark="?" if is_asked else "✓",
            ask=_("Yes, stop") if is_asked else "",
            foot=foot,
            more_foot=more,
        )


def _promise(purpose: str) -> str:
    if purpose == Purpose.NPS:
        return _("We will not send you this survey again.")
    if purpose == Purpose.VISIT:
        return _("We will not contact you for follow-ups any more.")
    return _("We will not send you questionnaires after a service any more.")
