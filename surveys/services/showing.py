"""Showing the link of one event's invitation on site, so that the customer scans it: with a permission, within scope, and on record.

The link is derived, as for a message, and stored nowhere; it has the token of the one that the customer was or will be sent, so one
answer counts. Its address goes on to say that it was given on site.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.enums import AccessAction
from feedback_site.accounts.models import User
from feedback_site.accounts.services import record_access
from feedback_site.common.exceptions import ConflictError, DomainError, NotFoundError
from feedback_site.customers.enums import Purpose
from surveys.enums import InvitationOrigin
from surveys.models import Invitation
from surveys.services.tokens import link_of

SHOWING = "surveys.show_link"


@transaction.atomic
def show_link(*, invitation: Invitation, by: User, at: datetime) -> str:
    """Put on record that it is shown, and return the address. Raises `NotFoundError`, `DomainError`, or `ConflictError` as below."""
    known = Invitation.objects.for_user(by).filter(pk=invitation.pk).first()
    if known is None:
        raise NotFoundError(_("Invitation not found."))
    if not by.has_perm(SHOWING):
        raise DomainError(_("Your role does not show customers their links."))
    refuse_unless_open(invitation=known, at=at)
    record_access(
        actor=by,
        action=AccessAction.LINK_SHOWN,
        subject_kind="invitation",
        subject_id=str(known.pk),
        team_id=known.team_id,
        at=at,
    )
    return link_of(known, is_on_site=True)


def refuse_unless_open(*, invitation: Invitation, at: datetime) -> None:
    """Raise `ConflictError` unless the invitation is about an event, was ours to send, and can still be answered."""
    if invitation.service_event_id is None or invitation.purpose != Purpose.SURVEY or invitation.origin != InvitationOrigin.SENT:
        raise ConflictError(_("Only an invitation about a service event is shown on site."))
    if invitation.answered_at:
        raise ConflictError(_("The customer has answered already. Nothing needs to be scanned."))
    if invitation.voided_at:
        raise ConflictError(_("This invitation was cancelled."))
    if invitation.expires_at <= at:
        raise ConflictError(_("This link has ended."))
