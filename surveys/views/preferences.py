"""`/r/<token>/preferences/`: what we may send this customer, per purpose. GET shows, POST acts.

It works as long as the link is known, also after answering or expiry. A yes counts for the contact that the
link was sent to and for what this customer refused; it never opens a contact that another person refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.common.public_pages import Page, render, reply, reply_trouble
from feedback_site.common.public_pages.http import Reply, Request, UnreadableForm
from feedback_site.customers.enums import CONSENT_PURPOSES, Purpose
from feedback_site.customers.models import Customer
from feedback_site.customers.services import preferences_of
from surveys.services.invitations.wishes import say_by_link
from surveys.views.questionnaire import Visit, find_visit

SOURCE = "preference page"
# Sent along by the page's own form: a POST without it, such as a mail program's, says nothing about boxes.
_MARK, _BOX = "shown", "allow"


@dataclass(frozen=True, slots=True)
class _Choice:
    """One purpose as the page offers it."""

    value: str
    text: str
    is_allowed: bool


def preferences(request: Request, token: str) -> Reply:
    """Show what may be sent, or record what the customer chose."""
    visit = find_visit(request, token)
    if visit is None or visit.link.customer_id is None or not visit.can_unsubscribe:
        return reply_trouble(404)
    asked = _read(request) if request.method == "POST" else None
    if asked is not None:
        say_by_link(link=visit.link, choices=asked, source=SOURCE)
    allowed = preferences_of(customer=Customer.objects.get(pk=visit.link.customer_id))
    return reply(request, _page(visit, allowed, asked=asked))


def _read(request: Request) -> dict[Purpose, bool] | None:
    """Return what the page's own form says about each purpose; None for anything else."""
    try:
        fields = request.read_fields()
    except UnreadableForm:
        return None
    if not fields.get(_MARK):
        return None
    ticked = set(fields.get(_BOX, ()))
    return {purpose: purpose.value in ticked for purpose in CONSENT_PURPOSES}


def _page(visit: Visit, allowed: Mapping[Purpose, bool], *, asked: Mapping[Purpose, bool] | None) -> Page:
    is_open = not (visit.link.answered_at or visit.link.void_reason or visit.link.is_expired)
    with translation.override(visit.language):
        context = {
            "title": _("What may we send you?"),
            "choices": [
                _Choice(purpose.value, _text_of(purpose), is_allowed)
                for purpose, is_allowed in allowed.items()
            ],
            "is_saved": asked is not None,
            # Said yes to here, and still refused: by the holder
            # of a contact that this customer's row names as well.
            "is_kept_closed": asked is not None
            and any(asked[purpose] and not allowed[purpose] for purpose in asked),
            "is_open": is_open,
            "mark": _MARK,
            "box": _BOX,
        }
        languages = visit.questionnaire.languages if visit.request.method != "POST" else ()
        return render(
            "surveys/preferences.html", language=visit.language, languages=languages, context=context
        )


def _text_of(purpose: Purpose) -> str:
    texts = {
        Purpose.SURVEY: _("A short questionnaire after a service"),
        Purpose.NPS: _("Now and then, whether you would recommend us"),
        Purpose.VISIT: _("A return visit: whether your problem is solved"),
        Purpose.OPEN: str(Purpose.OPEN.label),  # never sent, so never refused
    }
    return texts[purpose]
