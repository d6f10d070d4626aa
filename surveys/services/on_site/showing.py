"""Showing a customer on site a code to scan: with a permission, within scope, few in an hour, and on record.

The code has a token of its own, which leads to the one questionnaire
for 15 minutes; the link that the customer is sent is never shown.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from feedback_site.accounts.models import AccessLogEntry, User
from feedback_site.accounts.services import actor_name, record_access
from feedback_site.common.exceptions import ConflictError, DomainError, NotFoundError
from feedback_site.customers.enums import Purpose
from surveys.enums import InvitationOrigin, SurveyAccess
from surveys.models import Invitation, OnSiteLink
from surveys.models.on_site import MOST_TRIES, MOST_TRIES_OF_STAFF, VALID_FOR
from surveys.services.links.tokens import hash_token, newest_key_id, on_site_token

SHOWING = "surveys.show_link"
HOUR = timedelta(hours=1)
# Wrong digits for one invitation, whatever the number of its codes.
MOST_TRIES_OF_INVITATION = 3 * MOST_TRIES


def show_link(*, invitation: Invitation, by: User, at: datetime) -> str:
    """Put on record that a code is shown, and return its address.

    Codes shown before for the same invitation end. Raises `NotFoundError`, `DomainError`, or `ConflictError`
    as below. That a person shows too many is on record too.
    """
    with transaction.atomic():
        known = (
            Invitation.objects.for_user(by)
            .select_for_update(no_key=True, of=("self",))
            .filter(pk=invitation.pk)
            .first()
        )
        if known is None:
            raise NotFoundError(_("Invitation not found."))
        if not by.has_perm(SHOWING):
            raise DomainError(_("Your role does not show customers their links."))
        refuse_unless_open(invitation=known, at=at)
        excess = _too_many(by, at)
        address = None if excess else _show(known, by, at)
        if excess:
            _note_excess(by, excess, at)
    if address is None:
        raise DomainError(_excess_in_words(excess))
    return address


def _too_many(by: User, at: datetime) -> dict[str, int]:
    """Return what `by` has had too many of: codes within an hour, or wrong digits within a day.

    One code at a time for each person.
    """
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=by.pk)
    limit = settings.ON_SITE_LINKS_PER_HOUR
    if limit and OnSiteLink.objects.filter(shown_by=by, shown_at__gt=at - HOUR).count() >= limit:
        return {"links": limit}
    wrong = OnSiteLink.objects.wrong_digits_of_staff(by.pk, at=at)
    return {"wrong_digits": wrong} if wrong >= MOST_TRIES_OF_STAFF else {}


def _note_excess(by: User, excess: dict[str, int], at: datetime) -> None:
    """Put on record, once in an hour, that `by` showed too many codes.

    Also when customers typed too many wrong digits at them.
    """
    action = SurveyAccess.MANY_LINKS_SHOWN
    if AccessLogEntry.objects.filter(actor=actor_name(by), action=action, at__gt=at - HOUR).exists():
        return
    record_access(
        actor=by,
        action=action,
        subject_kind="user",
        subject_id=str(by.pk),
        team_id=by.team_id,
        details=excess,
        at=at,
    )


def _excess_in_words(excess: dict[str, int]) -> str:
    if "links" in excess:
        return _("You have shown very many codes within an hour. Please try again later; this is on record.")
    return _(
        "Wrong digits were typed too often at your codes within a day. Please try again tomorrow; this is on "
        "record."
    )


def _show(invitation: Invitation, by: User, at: datetime) -> str:
    earlier = OnSiteLink.objects.filter(invitation=invitation, expires_at__gt=at)
    earlier.update(expires_at=Greatest(F("shown_at") + timedelta(microseconds=1), at))
    agent, customer = invitation.agent, invitation.customer
    link = OnSiteLink(
        invitation=invitation,
        shown_by=by,
        shown_at=at,
        expires_at=at + VALID_FOR,
        token_key_id=newest_key_id(),
        needs_digits=customer is not None and customer.phone_sealed is not None,
    )
    code = on_site_token(link_id=link.pk, key_id=link.token_key_id, is_form=False)
    link.code_hash = hash_token(code)
    link.form_hash = hash_token(on_site_token(link_id=link.pk, key_id=link.token_key_id, is_form=True))
    link.save(force_insert=True)
    record_access(
        actor=by,
        action=SurveyAccess.LINK_SHOWN,
        subject_kind="invitation",
        subject_id=str(invitation.pk),
        team_id=invitation.team_id,
        details={
            "link": str(link.pk),
            "own_work": agent is not None and agent.user_id == by.pk,
            "asks_digits": link.needs_digits,
        },
        at=at,
    )
    return f"{settings.PUBLIC_BASE_URL}{on_site_path(code)}"


def on_site_path(token: str) -> str:
    """Return the path that a token of a code leads to."""
    return f"/r/{token}/on-site/"


def refuse_unless_open(*, invitation: Invitation, at: datetime) -> None:
    """Raise `ConflictError` unless the invitation can still be answered on site.

    It must be about an event and have been ours to send.
    """
    if (
        invitation.service_event_id is None
        or invitation.purpose != Purpose.SURVEY
        or invitation.origin != InvitationOrigin.SENT
    ):
        raise ConflictError(_("Only an invitation about a service event is shown on site."))
    if invitation.answered_at:
        raise ConflictError(_("The customer has answered already. Nothing needs to be scanned."))
    if invitation.voided_at:
        raise ConflictError(_("This invitation was cancelled."))
    if invitation.expires_at <= at:
        raise ConflictError(_("This link has ended."))
    wrong = OnSiteLink.objects.filter(invitation=invitation).aggregate(total=Sum("tries"))["total"] or 0
    if wrong >= MOST_TRIES_OF_INVITATION:
        raise ConflictError(
            _(
                "Wrong digits were typed too often. The customer can use the link in our text message or "
                "email."
            )
        )
