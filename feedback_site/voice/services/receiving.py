"""Taking in what a customer wrote: once, however often the form arrives.

A complaint is taken in together with its case.
"""

import dataclasses
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import IntegrityError, transaction

from feedback_site.accounts.models import Team
from feedback_site.accounts.selectors import organisation_settings
from feedback_site.common.ids import uuid7
from feedback_site.common.row_logs import log_rows
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer
from feedback_site.customers.services import (
    CustomerEntry,
    credit_team,
    customer_entry,
    keep_masked,
    record_consent,
    upsert_customers,
)
from feedback_site.service_events.enums import CalendarPurpose
from feedback_site.service_events.models import ServiceChannel, ServiceEvent, ServiceKind
from feedback_site.service_events.selectors.calendar import working_times_around
from feedback_site.service_events.services import EventSubmission, record_service_event
from feedback_site.service_events.services.hashing import keyed_hash
from feedback_site.voice.enums import EntryKind
from feedback_site.voice.models import VoiceEntry
from feedback_site.voice.rules import (
    CONSENT_VERSION,
    SOURCE,
    new_reference,
)
from feedback_site.voice.services.desk import desk_team
from feedback_site.voice.services.reading import EntryDraft
from feedback_site.voice.services.words import ENTRY_WORDS

logger = structlog.get_logger(__name__)

KIND = {"slug": "complaint_handling", "names": {"en": "Complaint handling", "zh-hans": "投诉处理"}}
CHANNEL = {"slug": "web", "names": {"en": "Website", "zh-hans": "网站"}}


@dataclass(frozen=True)
class Received:
    """The entry on record, and whether this call put it there."""

    entry: VoiceEntry
    is_new: bool


def submission_key(*, number: str, draft: EntryDraft) -> bytes:
    """Return the keyed hash of one form's number and all that was sent in it.

    A changed text is another entry.
    """
    return keyed_hash(purpose="voice entry", content={"number": number, **dataclasses.asdict(draft)})


def find_received(key: bytes) -> VoiceEntry | None:
    """Return the entry that this very submission made before."""
    return VoiceEntry.objects.filter(submission_key=key).first()


def receive_entry(*, draft: EntryDraft, key: bytes, language: str, at: datetime) -> Received:
    """Store an entry, its contact and its case; the same submission again returns the first entry.

    Of two at once the second waits for the first at the unique
    key, takes back what it wrote and finds the first one's.
    """
    known = find_received(key)
    if known is None:
        try:
            with transaction.atomic():
                entry = _store(draft, key, language, at)
        except IntegrityError:
            known = find_received(key)
            if known is None:
                raise
    return Received(known, is_new=False) if known is not None else Received(entry, is_new=True)


def _store(draft: EntryDraft, key: bytes, language: str, at: datetime) -> VoiceEntry:
    team, reference = desk_team(), new_reference()
    entry_id = uuid7()
    entry = VoiceEntry(
        id=entry_id,
        reference=reference,
        submission_key=key,
        kind=draft.kind,
        **_words(entry_id, draft, at),
        language=language,
        team=team,
        consent_version=CONSENT_VERSION if draft.may_contact else "",
        may_publish=draft.may_publish,
        received_at=at,
    )
    contact = _contact(draft, reference, language)
    if draft.kind is EntryKind.COMPLAINT:
        entry.service_event = _open_case(contact, draft, team, at)
        entry.customer = entry.service_event.customer
        clocks = organisation_settings()
        entry.accept_by_at = at + timedelta(hours=clocks.accept_within_hours)
        entry.close_by_at = at + timedelta(hours=clocks.close_within_hours)
        work = working_times_around(at).of(team.pk, CalendarPurpose.DEADLINES)
        entry.close_complex_by_at = work.add_workdays(at, clocks.close_complex_within_days, team.zone)
    elif draft.may_contact:
        entry.customer = _keep_contact(contact, team, at)
    entry.save(force_insert=True)
    log_rows(logger, "voice_entry_received", [str(entry.pk)])
    return entry


def _words(entry_id: uuid.UUID, draft: EntryDraft, at: datetime) -> dict[str, str]:
    """Return what was written as it is stored, and keep sealed what masking changes in it."""
    texts = {"text": draft.text, "ticket_number": draft.ticket_number}
    return keep_masked(
        kind=ENTRY_WORDS, subject_id=entry_id, texts=texts, names=[draft.name] if draft.name else [], at=at
    )


def _contact(draft: EntryDraft, reference: str, language: str) -> CustomerEntry:
    """The customer of an anonymous complaint is known by its number alone."""
    return customer_entry(
        source=SOURCE,
        external_id=reference,
        name=draft.name or None,
        phone=draft.phone or None,
        email=draft.email or None,
        language=language,
    )


def _open_case(contact: CustomerEntry, draft: EntryDraft, team: Team, at: datetime) -> ServiceEvent:
    submission = EventSubmission(
        source=SOURCE,
        external_id=contact.external_id,
        kind=ServiceKind.objects.get_or_create(slug=KIND["slug"], defaults=KIND)[0],
        channel=ServiceChannel.objects.get_or_create(slug=CHANNEL["slug"], defaults=CHANNEL)[0],
        team=team,
        customer=contact,
        opened_at=at,
        is_complaint=True,
        consent={Purpose.VISIT.value: True} if draft.may_contact else {},
    )
    return record_service_event(submission=submission, at=at).event


def _keep_contact(contact: CustomerEntry, team: Team, at: datetime) -> Customer:
    customer = upsert_customers(entries=[contact])[contact.key]
    credit_team(customer=customer, team=team)
    record_consent(
        customer=customer,
        purpose=Purpose.VISIT,
        is_granted=True,
        stated_at=at,
        source=SOURCE,
        overrides_refusal=True,
    )
    return customer
