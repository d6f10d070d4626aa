"""Cases of many fates, written row by row.

What became of each stands beside it in plain Python for an independent count.
"""

import random
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from feedback_site.accounts.models import Team
from feedback_site.customers.models import Customer, Segment
from feedback_site.delivery.models import Message, Suppression
from feedback_site.service_events.models import (
    ServiceChannel,
    ServiceEvent,
    ServiceEventTransition,
    ServiceKind,
)
from surveys.models import EventDecision, Invitation, LinkVisit, Response, ResponseDraft, ResponseTally
from tests.factories.cases import NOON

SHANGHAI = ZoneInfo("Asia/Shanghai")
WITHHELD = (
    "no_survey",
    "no_consent",
    "no_contact",
    "suppressed",
    "frequency_cap",
    "sampled_out",
    "too_old",
    "excluded",
    "duplicate",
)
INVITED = ("unsent", "sent", "bounced", "visited", "submitted")
FATES = (*WITHHELD, *INVITED, "voided", "undecided", "elsewhere")


@dataclass(kw_only=True)
class Fate:
    """One case as it was written."""

    fate: str
    day: date
    team: Team
    kind: ServiceKind
    channel: ServiceChannel
    segment: Segment | None
    customer: Customer
    is_complaint: bool
    satisfaction: int | None
    event: ServiceEvent


class World:
    """Writes cases and remembers them."""

    def __init__(self, organisation: SimpleNamespace, asked: SimpleNamespace) -> None:
        self.organisation, self.asked = organisation, asked
        self.fates: list[Fate] = []
        self.numbers = count(1)
        self.customers: list[Customer] = []

    def customer(self) -> Customer:
        number = next(self.numbers)
        customer = Customer.objects.create(source="crm", external_id=f"W-{number}")
        self.customers.append(customer)
        return customer

    def serve(self, fate: str, times: int = 1, **facts: Any) -> list[Fate]:
        return [self._serve(fate, **facts) for _ in range(times)]

    def _serve(
        self,
        fate: str,
        *,
        at: datetime = NOON,
        team: Team | None = None,
        kind: ServiceKind | None = None,
        channel: ServiceChannel | None = None,
        segment: Segment | None = None,
        customer: Customer | None = None,
        is_complaint: bool = False,
        satisfaction: int | None = None,
        zone: ZoneInfo = SHANGHAI,
        **event_facts: Any,
    ) -> Fate:
        number = next(self.numbers)
        team = team or self.organisation.east_1
        event = ServiceEvent.objects.create(
            source="crm",
            external_id=f"W-{number}",
            kind=kind or self.organisation.repair,
            channel=channel or self.organisation.phone,
            team=team,
            credited_team=team,
            customer=customer or self.customer(),
            segment=segment,
            is_complaint=is_complaint,
            content_hash=b"x" * 32,
            **{
                "status": "completed",
                "opened_at": at - timedelta(hours=1),
                "completed_at": at,
                **event_facts,
            },
        )
        written = Fate(
            fate=fate,
            day=at.astimezone(zone).date(),
            team=team,
            kind=event.kind,
            channel=event.channel,
            segment=segment,
            customer=event.customer,
            is_complaint=is_complaint,
            satisfaction=(satisfaction or 4) if fate == "submitted" else None,
            event=event,
        )
        self._decide(written, at)
        self.fates.append(written)
        return written

    def _decide(self, written: Fate, at: datetime) -> None:
        if written.fate == "undecided":
            return
        event, fate = written.event, written.fate
        if fate == "elsewhere":
            self._invite(written, at, origin="imported", is_in_headline=False, answered_at=at)
            return
        completion = ServiceEventTransition.objects.create(
            event=event, type="completed", at=at, recorded_at=at
        )
        decision: dict[str, Any] = {"service_event": event, "completion": completion, "decided_at": at}
        if fate != "no_survey":
            decision["survey"] = self.asked.survey
        if fate in WITHHELD:
            EventDecision.objects.create(reason=fate, **decision)
            return
        facts: dict[str, Any] = {"contact_index": uuid.uuid4().bytes * 2}
        if fate == "voided":
            facts |= {"voided_at": at, "void_reason": "consent_withdrawn"}
        if fate == "submitted":
            facts["answered_at"] = at
        invitation = self._invite(written, at, **facts)
        EventDecision.objects.create(invitation=invitation, **decision)
        self._send(written, invitation, at)

    def _invite(self, written: Fate, at: datetime, **facts: Any) -> Invitation:
        event = written.event
        return Invitation.objects.create(
            purpose="survey",
            survey=self.asked.survey,
            version=self.asked.version,
            service_event=event,
            customer=event.customer,
            team=event.team,
            credited_team=event.credited_team,
            kind=event.kind,
            channel=event.channel,
            segment=event.segment,
            language="en",
            token_hash=uuid.uuid4().bytes * 2,
            token_key_id=0,
            invited_at=at,
            belongs_on=written.day,
            due_at=at,
            send_until=at + timedelta(days=3),
            expires_at=at + timedelta(days=14),
            **facts,
        )

    def _send(self, written: Fate, invitation: Invitation, at: datetime) -> None:
        has_left = written.fate in {"sent", "bounced", "visited", "submitted"}
        Message.objects.create(
            subject_kind="invitation",
            subject_id=invitation.pk,
            channel="sms",
            team=written.team,
            status="sent" if has_left else "failed",
            sent_at=at if has_left else None,
            due_at=at,
            send_until=at + timedelta(days=3),
            queued_at=at,
        )
        if written.fate == "bounced":
            Suppression.objects.create(
                channel="sms",
                address_index=invitation.contact_index,
                address_mask="*",
                reason="bounced",
                suppressed_at=at,
            )
        if written.fate in {"visited", "submitted"}:
            LinkVisit.objects.create(invitation=invitation, first_at=at, last_at=at)
        if written.satisfaction is not None:
            self._answer(written, invitation, at)

    def _answer(self, written: Fate, invitation: Invitation, at: datetime) -> None:
        rating = written.satisfaction
        Response.objects.create(
            invitation=invitation,
            answers={"satisfaction": rating},
            answers_hash=b"x" * 32,
            satisfaction=rating,
            language="en",
            submitted_at=at,
        )
        cell = {
            "day": written.day,
            "team": written.team,
            "survey": self.asked.survey,
            "kind": written.kind,
            "channel": written.channel,
        }
        tally, _is_new = ResponseTally.objects.get_or_create(
            **cell, segment=written.segment, measure="satisfaction", value=rating, defaults={"count": 0}
        )
        ResponseTally.objects.filter(pk=tally.pk).update(count=tally.count + 1)

    def leave_unfinished(self, fates: list[Fate], *, state: str) -> None:
        """Save a page of each case's questionnaire."""
        for invitation in Invitation.objects.filter(service_event__in=[written.event for written in fates]):
            ResponseDraft.objects.create(invitation=invitation, language="en", state=state, saved_at=NOON)

    def scatter(self, times: int, *, seed: int = 7, days: int = 40) -> None:
        """Write cases of every fate, team, kind, channel and segment over some weeks.

        Some customers have several.
        """
        dice = random.Random(seed)  # noqa: S311 - a die, not a secret
        o = self.organisation
        for _ in range(times):
            known = dice.choice(self.customers) if self.customers and dice.random() < 0.4 else None
            self.serve(
                dice.choice(FATES) if dice.random() < 0.5 else dice.choice(("visited", "submitted", "sent")),
                at=NOON - timedelta(days=dice.randrange(days), hours=dice.randrange(24)),
                team=dice.choice([o.east, o.east_1, o.west_1]),
                kind=dice.choice([o.repair, o.complaint]),
                channel=dice.choice([o.phone, o.on_site]),
                segment=dice.choice([o.new, o.existing, o.high_value, None]),
                customer=known,
                is_complaint=dice.random() < 0.2,
                satisfaction=dice.randrange(1, 6),
            )
