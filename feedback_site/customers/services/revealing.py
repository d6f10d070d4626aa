"""Showing a contact to staff: with a permission, for a reason, within a limit.

The look is on record before the value is read.

Every way for a person or a system to read a contact goes through here; `contacts_of` alone is for sending.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback_site.accounts.enums import AccessAction, AccessReason, Grant
from feedback_site.accounts.models import AccessLogEntry, ApiKey, User
from feedback_site.accounts.services import actor_name, record_access
from feedback_site.common.exceptions import DomainError, NotFoundError
from feedback_site.common.locks import Lock, wait_for_one
from feedback_site.customers.enums import LOOKS, CustomerAccess
from feedback_site.customers.exceptions import RevealLimitError
from feedback_site.customers.models import Customer
from feedback_site.customers.services.contacts import Contact, contacts_of

REVEALING = "customers.reveal_contact"
LONGEST_NOTE = 200
# What would be a contact itself: seven digits with the usual signs between them, or an address.
_LOOKS_LIKE_A_CONTACT = re.compile(r"(?:\d[\s().-]*){7}|\S@\S")


@transaction.atomic
def reveal_contact(
    *, customer: Customer, by: User | ApiKey, reason: AccessReason, note: str = "", at: datetime
) -> Contact:
    """Return a customer within the scope of `by` in clear.

    Raises `NotFoundError` outside the scope, else what `open_contact` raises.
    """
    if not Customer.objects.for_user(by).filter(pk=customer.pk).exists():
        raise NotFoundError(_("Customer not found, or you do not have access."))
    return open_contact(
        customer=customer, by=by, reason=reason, note=note, team_id=_team_of(customer, by), at=at
    )


@transaction.atomic
def open_contact(
    *,
    customer: Customer,
    by: User | ApiKey,
    reason: AccessReason,
    note: str = "",
    team_id: int | None,
    details: Mapping[str, Any] | None = None,
    at: datetime,
) -> Contact:
    """Put the look on record and return the contact.

    The caller has made sure that the customer is within scope.

    `team_id` is whose data it is. Raises `DomainError` without
    permission or reason, `RevealLimitError` beyond the limit.
    """
    note_look(
        action=CustomerAccess.CONTACT_REVEALED,
        subject_kind="customer",
        subject_id=str(customer.pk),
        by=by,
        reason=reason,
        note=note,
        team_id=team_id,
        details=details,
        at=at,
    )
    return contacts_of([customer])[customer.id]


def note_look(
    *,
    action: AccessAction,
    subject_kind: str,
    subject_id: str,
    by: User | ApiKey,
    reason: AccessReason,
    note: str,
    team_id: int | None,
    details: Mapping[str, Any] | None,
    at: datetime,
) -> None:
    """Put a look at personal data on record, in the caller's transaction.

    Raises what `open_contact` does where it is not allowed.
    """
    _refuse_without_permission(by)
    note = _checked_note(reason, note)
    _refuse_beyond_limit(by, at=at)
    record_access(
        actor=by,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        team_id=team_id,
        details={"reason": reason.value, **({"note": note} if note else {}), **(details or {})},
        at=at,
    )


def _refuse_without_permission(by: User | ApiKey) -> None:
    may = by.has_perm(REVEALING) if isinstance(by, User) else Grant.CONTACTS_READ.value in by.grants
    if not may:
        raise DomainError(_("Your role does not see customers' contacts."))


def _checked_note(reason: AccessReason, note: str) -> str:
    note = checked_note(note)
    if reason is AccessReason.OTHER and not note:
        raise DomainError(_("Say in a few words what the contact is needed for."), {"field": "note"})
    return note


def checked_note(note: str) -> str:
    """Return what a colleague wrote for the access log, on one line.

    Raises `DomainError` where it is too long or holds a contact.
    """
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        raise DomainError(_("Keep it to %(count)d characters.") % {"count": LONGEST_NOTE}, {"field": "note"})
    if _LOOKS_LIKE_A_CONTACT.search(note):
        raise DomainError(
            _("Do not enter a phone number or email address here: the access log holds no contacts."),
            {"field": "note"},
        )
    return note


def _refuse_beyond_limit(by: User | ApiKey, *, at: datetime) -> None:
    """Count the looks on record, one at a time for each actor.

    Looks at the same moment could otherwise pass the limit together.
    """
    wait_for_one(Lock.CONTACT_REVEALS, actor_name(by))
    looks = AccessLogEntry.objects.filter(actor=actor_name(by), action__in=LOOKS)
    for limit, window in (
        (settings.CONTACT_REVEALS_PER_HOUR, timedelta(hours=1)),
        (settings.CONTACT_REVEALS_PER_DAY, timedelta(days=1)),
    ):
        # The look that has to grow old before the next one; there is none while fewer than `limit` are young.
        for last in (
            looks.filter(at__gt=at - window)
            .order_by("-at")
            .values_list("at", flat=True)[max(limit - 1, 0) : limit]
        ):
            raise RevealLimitError(_limit_reached(limit, window, last + window))


def _limit_reached(limit: int, window: timedelta, until: datetime) -> str:
    moment = f"{timezone.localtime(until):%Y-%m-%d %H:%M}"
    if window > timedelta(hours=1):
        text = ngettext(
            "You have viewed %(count)d contact within a day, which is the limit. You can view the next one "
            "at %(time)s.",
            "You have viewed %(count)d contacts within a day, which is the limit. You can view the next one "
            "at %(time)s.",
            limit,
        )
    else:
        text = ngettext(
            "You have viewed %(count)d contact within an hour, which is the limit. You can view the next one "
            "at %(time)s.",
            "You have viewed %(count)d contacts within an hour, which is the limit. You can view the next "
            "one at %(time)s.",
            limit,
        )
    return text % {"count": limit, "time": moment}


def _team_of(customer: Customer, by: User | ApiKey) -> int | None:
    """Return whose data is read: the only team that serves the customer.

    Of several it is the reader's own, or none in particular.
    """
    teams = set(customer.served_by.values_list("team_id", flat=True))
    return next(iter(teams)) if len(teams) == 1 else by.scope_team_id if by.scope_team_id in teams else None
