"""What an invitation's message says: built at the moment of sending, never stored."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback_site.common.sealing import takes_texts
from feedback_site.customers.enums import CONSENT_PURPOSES, Purpose
from feedback_site.customers.models import Customer
from feedback_site.customers.services import Contact, consenting_customer_ids, contacts_of
from feedback_site.delivery.enums import DeliveryChannel, MessageStatus
from feedback_site.delivery.models import Message
from feedback_site.delivery.services import Envelope, Void
from feedback_site.questionnaires.selectors.event_facts import NOTHING, event_facts
from feedback_site.questionnaires.services.piping import Known, fill, pipes_in
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire, questionnaire_of
from surveys.enums import VoidReason
from surveys.models import Invitation
from surveys.rules import Facts, may_be_asked, reason_to_void
from surveys.services.invitations.inviting import MESSAGE_SUBJECT, delivery_channels_of, void_invitation
from surveys.services.invitations.wording import scale_of, text_of, wording_of
from surveys.services.links.tokens import link_of

NO_CONTACT = "no_contact"
GONE = "gone"
# Stand in a rendered letter where each invitation writes its own; no sentence holds them.
_LINK, _COMPLETED, _ENDS = "[[link]]", "[[completed]]", "[[ends]]"
# Returns the text and the HTML of a letter that says these words, by name.
WriteLetter = Callable[[Mapping[str, Any]], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _MessageBatch:
    """What all messages of a batch need."""

    invitations: dict[uuid.UUID, Invitation]
    contacts: dict[uuid.UUID, Contact]
    consenting: set[tuple[str, uuid.UUID]]
    questionnaires: dict[int, CompiledQuestionnaire]
    write: WriteLetter
    letters: dict[tuple[str, str, int, str, bool, str], tuple[str, str, str]] = field(default_factory=dict)


def build_messages(
    messages: Sequence[Message], at: datetime, *, write: WriteLetter
) -> dict[uuid.UUID, Envelope | Void]:
    """Return what each message says, or why it must not go out any more.

    An invitation whose event changed is voided on the way. A message that is not being sent is only looked
    at: it shows what the customer was, or will be, written, and nothing is voided.

    A fixed number of queries for the batch, and two per invitation that is voided.
    """
    batch = _load(messages, write)
    return {message.id: _build(message, batch, at) for message in messages}


def look_once_more(messages: Sequence[Message], at: datetime) -> dict[uuid.UUID, str]:
    """Return in one word why some of these, whose sending is on record as begun, must not go out after all.

    Whatever was committed before this look counts: an event that was reopened, or a
    customer who refused, while the batch was being built or an earlier one of it was
    being sent. A fixed number of queries, and two per invitation that is voided.
    """
    rows = Invitation.objects.select_related("customer", "service_event", "decision__completion").only(
        *(
            "voided_at",
            "answered_at",
            "purpose",
            "service_event__status",
            "service_event__completed_at",
            "decision__completion__at",
        ),
        *("customer__name_sealed", "customer__phone_sealed", "customer__email_sealed"),
    )
    invitations = rows.in_bulk({message.subject_id for message in messages})
    consenting = _consenting(invitations.values(), contacts_of(_customers(invitations.values())))
    found: dict[uuid.UUID, str] = {}
    for message in messages:
        invitation = invitations[message.subject_id]
        if invitation.voided_at or invitation.answered_at:
            found[message.id] = "voided" if invitation.voided_at else "answered"
        elif (reason := _reason_to_void(invitation, consenting, at)) is not None:
            void_invitation(invitation=invitation, reason=reason, at=at)
            found[message.id] = reason.value
    return found


def _load(messages: Sequence[Message], write: WriteLetter) -> _MessageBatch:
    rows = Invitation.objects.select_related(
        "customer", "service_event", "survey", "kind", "credited_team", "decision__completion"
    )
    invitations = rows.in_bulk({message.subject_id for message in messages})
    contacts = contacts_of(_customers(invitations.values()))
    versions = {invitation.version_id for invitation in invitations.values()}
    return _MessageBatch(
        invitations=invitations,
        contacts=contacts,
        consenting=_consenting(invitations.values(), contacts),
        questionnaires={version_id: questionnaire_of(version_id) for version_id in versions},
        write=write,
    )


def _customers(invitations: Iterable[Invitation]) -> list[Customer]:
    return [invitation.customer for invitation in invitations if invitation.customer]


def _consenting(
    invitations: Iterable[Invitation], contacts: Mapping[uuid.UUID, Contact]
) -> set[tuple[str, uuid.UUID]]:
    """Return which customers may be asked for what as of now, as pairs of purpose and customer.

    Neither the customer nor one of their contacts has refused.
    """
    by_purpose: defaultdict[Purpose, set[uuid.UUID]] = defaultdict(set)
    for invitation in invitations:
        if invitation.customer_id:
            by_purpose[Purpose(invitation.purpose)].add(invitation.customer_id)
    indexes = {customer_id: contact.indexes() for customer_id, contact in contacts.items()}
    return {
        (purpose.value, customer_id)
        for purpose, ids in by_purpose.items()
        for customer_id in consenting_customer_ids(customer_ids=ids, purpose=purpose, contacts=indexes)
    }


def _build(message: Message, batch: _MessageBatch, at: datetime) -> Envelope | Void:
    invitation = batch.invitations.get(message.subject_id)
    if invitation is None or invitation.customer_id is None:
        return Void(GONE)
    obstacle = _obstacle(invitation, batch, at) if message.status == MessageStatus.SENDING else ""
    if obstacle:
        return Void(obstacle)
    contact = batch.contacts[invitation.customer_id]
    if not _address(contact, message.channel):
        return Void(NO_CONTACT)
    return _write(message, invitation, contact, batch)


def _obstacle(invitation: Invitation, batch: _MessageBatch, at: datetime) -> str:
    """Return in one word why the invitation must not be sent now, empty when it may."""
    if invitation.voided_at or invitation.answered_at:
        return "voided" if invitation.voided_at else "answered"
    # Replayed history is exempt, as in delivery: it is recorded whenever it is replayed.
    if invitation.expires_at <= at and not invitation.is_replayed:
        return "expired"
    reason = _reason_to_void(invitation, batch.consenting, at)
    if reason is None:
        return ""
    void_invitation(invitation=invitation, reason=reason, at=at)
    return reason.value


def _reason_to_void(
    invitation: Invitation, consenting: Collection[tuple[str, uuid.UUID]], at: datetime
) -> VoidReason | None:
    reason = _reason_of_event(invitation)
    if reason is not None:
        return reason
    if invitation.purpose not in CONSENT_PURPOSES:
        return None
    # Whether its address may be written to is looked at where it is handed over.
    facts = Facts(has_consent=(invitation.purpose, invitation.customer_id) in consenting)
    return VoidReason.CONSENT_WITHDRAWN if may_be_asked(facts, moment=at).obstacle else None


def _reason_of_event(invitation: Invitation) -> VoidReason | None:
    event = invitation.service_event
    if event is None:
        return None
    decision = getattr(invitation, "decision", None)
    return reason_to_void(
        status=event.status,
        completed_at=event.completed_at,
        asked_about=decision.completion.at if decision is not None else None,
    )


def _write(message: Message, invitation: Invitation, contact: Contact, batch: _MessageBatch) -> Envelope:
    link = link_of(invitation)
    fallback = _fallback(message, invitation, contact)
    address = _address(contact, message.channel)
    with translation.override(invitation.language):
        if message.channel == DeliveryChannel.SMS:
            return Envelope(
                address, invitation.language, "", text_of(invitation.purpose, link=link), fallback=fallback
            )
        subject, text, html = _letter(invitation, batch)
        blanks = _blanks(invitation, link)
    return Envelope(
        address=address,
        language=invitation.language,
        subject=subject,
        text=_fill(text, blanks),
        html=_fill(html, blanks),
        headers={
            "List-Unsubscribe": f"<{link}unsubscribe/>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        fallback=fallback,
    )


def _letter(invitation: Invitation, batch: _MessageBatch) -> tuple[str, str, str]:
    """Return subject, text and HTML with blanks for what differs between customers.

    Rendered once per purpose, language, version and kind of a batch.
    """
    kind = invitation.kind.name if invitation.kind else ""
    title = title_of(invitation, batch.questionnaires[invitation.version_id])
    key = (
        invitation.purpose,
        invitation.language,
        invitation.version_id,
        kind,
        invitation.service_event is None,
        title,
    )
    if key not in batch.letters:
        words = _words(invitation, batch.questionnaires[invitation.version_id], kind, title)
        batch.letters[key] = (str(words["subject"]), *batch.write(words))
    return batch.letters[key]


def title_of(invitation: Invitation, questionnaire: CompiledQuestionnaire) -> str:
    """Return the title as this customer reads it.

    What it repeats of the event is filled in, here as on the page.
    """
    title = questionnaire.word("title", invitation.language)
    facts = (
        event_facts(invitation.service_event_id)
        if any(pipe.source == "event" for pipe in pipes_in(title))
        else NOTHING
    )
    return fill(title, Known(invitation.language, facts))


def _words(
    invitation: Invitation, questionnaire: CompiledQuestionnaire, kind: str, title: str
) -> dict[str, Any]:
    wording = wording_of(invitation.purpose)
    is_about_service = invitation.purpose == Purpose.SURVEY and invitation.service_event is not None
    return {
        "language": invitation.language,
        "subject": title or _(wording.subject),
        "kind": kind,
        "completed": _COMPLETED if is_about_service else "",
        "opening": _(wording.opening),
        "plea": _(wording.plea),
        "button": _(wording.button),
        "stop": _(wording.stop),
        "link": _LINK,
        "unsubscribe": f"{_LINK}unsubscribe/",
        "scale": scale_of(questionnaire.first_scored, link=_LINK, language=invitation.language),
        "ends": _ENDS,
    }


def _blanks(invitation: Invitation, link: str) -> dict[str, str]:
    """Return what this invitation writes into the blanks, in the present language and the team's zone.

    All of it is safe in HTML.
    """
    zone = invitation.credited_team.zone
    completed_at = invitation.service_event.completed_at if invitation.service_event else None
    return {
        _LINK: link,
        _COMPLETED: date_format(completed_at.astimezone(zone), "DATETIME_FORMAT") if completed_at else "",
        _ENDS: date_format(invitation.expires_at.astimezone(zone), "DATE_FORMAT"),
    }


def _fill(text: str, blanks: dict[str, str]) -> str:
    for blank, words in blanks.items():
        text = text.replace(blank, words)
    return text


def _fallback(message: Message, invitation: Invitation, contact: Contact) -> DeliveryChannel | None:
    channels = delivery_channels_of(invitation)
    later = channels[channels.index(message.channel) + 1 :] if message.channel in channels else []
    return next((DeliveryChannel(channel) for channel in later if _address(contact, channel)), None)


def _address(contact: Contact, channel: str) -> str:
    if channel == DeliveryChannel.SMS:
        return contact.phone if takes_texts(contact.phone) else ""
    return contact.email


__all__ = ["MESSAGE_SUBJECT", "build_messages", "look_once_more"]
