"""What some answers do beside being counted: a contact is sealed, a consent recorded, a call asked for, ...

All of it stands in one transaction with the response, so that a
thank-you stands for all of it and a form sent twice does it once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from feedback_site.common.sealing import ContactIndex
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer
from feedback_site.customers.services import (
    Wish,
    change_contact,
    credit_team,
    customer_entry,
    record_consent,
    state_preferences,
    upsert_customers,
)
from feedback_site.questionnaires.questions.call_back import CallBackWanted
from feedback_site.questionnaires.questions.consent import ConsentGiven
from feedback_site.questionnaires.questions.contact import ContactGiven
from feedback_site.questionnaires.questions.kept import FilesGiven
from feedback_site.questionnaires.questions.not_mine import NotMine
from surveys.enums import FollowUpReason, InvitationOrigin, ResponseMode
from surveys.models import EventFlag, Invitation
from surveys.services.files import take_over_files
from surveys.services.follow_ups.following_up import NewFollowUp, request_follow_ups
from surveys.services.invitations.asked_contacts import asked_contacts
from surveys.services.responses.answering import Outcome, Receipt, Submission, submit_responses

SOURCE = "questionnaire"
_LONGEST_SOURCE = 60


@dataclass(frozen=True, slots=True)
class _Said:
    """What is known of how the answers were given.

    When; whether to a page behind a link that was sent, and to which contact; whether that page was open to
    all.
    """

    at: datetime
    is_by_link: bool
    is_from_open_form: bool
    proven: Sequence[ContactIndex]


def submit_with_effects(submission: Submission, *, at: datetime) -> Receipt:
    """Store a submission, named by id, as `submit_responses` does, and let its asides take effect.

    They take effect when it is the submission that counts.
    """
    with transaction.atomic():
        (receipt,) = submit_responses([submission], at=at)
        if receipt.outcome is Outcome.ACCEPTED:
            invitation = Invitation.objects.select_related("customer", "team").get(
                pk=str(submission.invitation_id)
            )
            said = _said(invitation, submission, at)
            for key, aside in submission.asides.items():
                _EFFECTS[type(aside)](invitation, key, aside, said)
    return receipt


def _seal_contact(invitation: Invitation, _key: str, contact: ContactGiven, _said: _Said) -> None:
    """Give the contact to the customer who was asked; what they left empty stays as it is known."""
    _reach(invitation, name=contact.name or None, phone=contact.phone or None, email=contact.email or None)


def _ask_for_call(invitation: Invitation, key: str, wanted: CallBackWanted, said: _Said) -> None:
    """Ask for a return visit by phone; who asks to be called may be called."""
    customer = _reach(invitation, phone=wanted.phone)
    _record(customer, ConsentGiven(Purpose.VISIT.value, is_granted=True), _source(invitation, key), said)
    request = NewFollowUp(invitation.pk, FollowUpReason.CALL_BACK, score=None, slot=wanted.slot)
    request_follow_ups(requests=[request], at=said.at)


def _record_consent(invitation: Invitation, key: str, consent: ConsentGiven, said: _Said) -> None:
    """Record the customer's own word, with the version whose text they agreed to."""
    if invitation.customer is not None:
        _record(invitation.customer, consent, _source(invitation, key), said)


def _flag_event(invitation: Invitation, _key: str, flag: NotMine, said: _Said) -> None:
    EventFlag.objects.create(response_id=invitation.pk, reason=flag.reason, flagged_at=said.at)


def _take_over_files(invitation: Invitation, key: str, given: FilesGiven, said: _Said) -> None:
    """Let what was kept before belong to the response."""
    take_over_files(invitation_id=invitation.pk, question_key=key, given=given, at=said.at)


def _source(invitation: Invitation, key: str) -> str:
    return f"{SOURCE} v{invitation.version_id}: {key}"[:_LONGEST_SOURCE]


def _reach(
    invitation: Invitation, *, name: str | None = None, phone: str | None = None, email: str | None = None
) -> Customer:
    """Return the customer with a contact given just now.

    A person who was not known becomes a customer of their own.
    """
    if invitation.customer is not None:
        return change_contact(customer=invitation.customer, name=name, phone=phone, email=email)
    number = str(invitation.pk)
    entry = customer_entry(
        source=SOURCE, external_id=number, language=invitation.language, name=name, phone=phone, email=email
    )
    customer = upsert_customers(entries=[entry])[entry.key]
    Invitation.objects.filter(pk=invitation.pk).update(customer=customer)
    credit_team(customer=customer, team=invitation.team)
    invitation.customer = customer
    return customer


def _record(customer: Customer, consent: ConsentGiven, source: str, said: _Said) -> None:
    """Record what was said.

    A person who came by the link that the customer was sent has said it themselves, which lifts a refusal.
    """
    purpose = Purpose(consent.purpose)
    if said.is_by_link:
        wish = Wish(source=source, at=said.at)
        state_preferences(
            customer=customer, choices={purpose: consent.is_granted}, proven=said.proven, wish=wish
        )
        return
    record_consent(
        customer=customer,
        purpose=purpose,
        is_granted=consent.is_granted,
        stated_at=said.at,
        source=source,
        overrides_refusal=True,
        refuses_contacts=not said.is_from_open_form,
    )


def _said(invitation: Invitation, submission: Submission, at: datetime) -> _Said:
    is_by_link = invitation.origin == InvitationOrigin.SENT and submission.mode == ResponseMode.WEB
    return _Said(
        at=at,
        is_by_link=is_by_link,
        is_from_open_form=invitation.origin == InvitationOrigin.OPEN,
        proven=asked_contacts(invitation) if is_by_link else [],
    )


_EFFECTS: Mapping[type[Any], Callable[[Invitation, str, Any, _Said], None]] = {
    ContactGiven: _seal_contact,
    CallBackWanted: _ask_for_call,
    ConsentGiven: _record_consent,
    NotMine: _flag_event,
    FilesGiven: _take_over_files,
}
