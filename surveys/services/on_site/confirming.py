"""Takes answers to a code that staff show on site.

The customer confirms whose phone it is, gives one answer within 15 minutes, and the answer is marked as given
on site.
"""

import hmac
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from feedback_site.accounts.enums import OnSiteCounting
from feedback_site.accounts.models import Organisation, User
from feedback_site.common.exceptions import ConflictError
from feedback_site.customers.services import contacts_of
from surveys.models import Invitation, OnSiteAnswer, OnSiteLink
from surveys.models.on_site import MOST_TRIES, MOST_TRIES_OF_STAFF
from surveys.services.links.looking_up import Link, is_token
from surveys.services.links.tokens import hash_token, on_site_token
from surveys.services.responses.answering import Outcome, Receipt, Submission, submit_responses
from surveys.services.responses.effects import submit_with_effects

DIGITS = 4


class CodeEndedError(ConflictError):
    """The code takes no more digits."""


@dataclass(frozen=True, slots=True)
class OnSite:
    """What a token of a code leads to at the moment it was looked up.

    `is_form`: it is that of the form, not of the code.
    """

    id: uuid.UUID
    link: Link
    is_form: bool
    needs_digits: bool
    is_confirmed: bool
    is_answered: bool
    is_over: bool

    @property
    def asks_digits(self) -> bool:
        """Whether the customer has to name the digits before anything is shown."""
        return self.needs_digits and not self.is_form


def find_on_site(*, token: str, at: datetime) -> OnSite | None:
    """Look a token up; None when it leads nowhere.

    It is malformed or unknown, or that of a form before the customer named the digits.
    """
    if not is_token(token):
        return None
    hashed = hash_token(token)
    known = (
        OnSiteLink.objects.select_related("invitation", "answer")
        .filter(Q(code_hash=hashed) | Q(form_hash=hashed))
        .first()
    )
    if known is None:
        return None
    is_form = bytes(known.form_hash) == hashed
    if is_form and known.confirmed_at is None:
        return None
    return OnSite(
        id=known.pk,
        link=_link_of(known.invitation, at),
        is_form=is_form,
        needs_digits=known.needs_digits,
        is_confirmed=known.confirmed_at is not None,
        is_answered=getattr(known, "answer", None) is not None,
        is_over=_is_over(known, at),
    )


def _is_over(link: OnSiteLink, at: datetime) -> bool:
    """Whether its time is over, or too many digits were wrong before the right ones came."""
    return link.expires_at <= at or (link.tries >= MOST_TRIES and link.confirmed_at is None)


def _link_of(invitation: Invitation, at: datetime) -> Link:
    return Link(
        invitation_id=invitation.pk,
        version_id=invitation.version_id,
        language=invitation.language,
        purpose=invitation.purpose,
        customer_id=invitation.customer_id,
        answered_at=invitation.answered_at,
        void_reason=invitation.void_reason,
        expires_at=invitation.expires_at,
        at=at,
        question_set=invitation.question_set,
        service_event_id=invitation.service_event_id,
    )


def read_digits(typed: str) -> str:
    """Return the four digits as they are meant, full-width ones included; empty for anything else."""
    plain = "".join(unicodedata.normalize("NFKC", typed).split())
    return plain if len(plain) == DIGITS and plain.isascii() and plain.isdigit() else ""


def confirm_on_site(*, found: OnSite, digits: str, at: datetime) -> str | None:
    """Return the token of the form when these are the last four digits of the phone on record.

    None when they are not. A try is counted, and committed, before it is compared: those sent at the same
    time are counted too. Raises `CodeEndedError` where too many digits were wrong at the codes of the
    colleague who showed this one.
    """
    if not _count_try(found, at):
        return None
    link = OnSiteLink.objects.select_related("invitation__customer").get(pk=found.id)
    customer = link.invitation.customer
    phone = contacts_of([customer])[customer.pk].phone if customer is not None else ""
    if not phone or not hmac.compare_digest(digits.encode(), phone[-DIGITS:].encode()):
        return None
    OnSiteLink.objects.filter(pk=found.id).update(
        tries=F("tries") - 1, confirmed_at=Coalesce("confirmed_at", at)
    )
    return on_site_token(link_id=found.id, key_id=link.token_key_id, is_form=True)


@transaction.atomic
def _count_try(found: OnSite, at: datetime) -> bool:
    """Count one try and return whether the code takes any more.

    Tries at all codes that the same person shows are counted one at a time.
    """
    shown_by = OnSiteLink.objects.values_list("shown_by", flat=True).get(pk=found.id)
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=shown_by)
    if OnSiteLink.objects.wrong_digits_of_staff(shown_by, at=at) >= MOST_TRIES_OF_STAFF:
        raise CodeEndedError(_("This code has ended"))
    open_links = OnSiteLink.objects.filter(
        pk=found.id, needs_digits=True, tries__lt=MOST_TRIES, expires_at__gt=at
    )
    return open_links.update(tries=F("tries") + 1) > 0


@transaction.atomic
def submit_on_site(*, found: OnSite, submission: Submission, at: datetime) -> Receipt:
    """Store the answers, with the mark that they were given on site.

    The same again gives the same receipt; `EXPIRED` where the code has ended meanwhile and nothing was
    answered.
    """
    link = OnSiteLink.objects.select_for_update(no_key=True).get(pk=found.id)
    is_answered = OnSiteAnswer.objects.filter(link=link).exists()
    if is_answered or found.link.answered_at:
        (receipt,) = submit_responses([submission], at=at)
        return receipt
    if _is_over(link, at) or (link.needs_digits and link.confirmed_at is None):
        return Receipt(Outcome.EXPIRED, None)
    receipt = submit_with_effects(submission, at=at)
    if receipt.outcome is Outcome.ACCEPTED:
        is_confirmed = link.confirmed_at is not None
        OnSiteAnswer.objects.create(
            response_id=link.invitation_id,
            link=link,
            is_confirmed=is_confirmed,
            is_counted=_is_counted(is_confirmed=is_confirmed),
        )
    return receipt


def _is_counted(*, is_confirmed: bool) -> bool:
    """Whether such an answer counts in the main figures, as the organisation has it now."""
    return {OnSiteCounting.BESIDE: False, OnSiteCounting.CONFIRMED: is_confirmed, OnSiteCounting.ALL: True}[
        OnSiteCounting(Organisation.objects.current().on_site_counting)
    ]
