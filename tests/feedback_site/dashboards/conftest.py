"""Cases of a day, from the event to the answer."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from feedback_site.customers.enums import Purpose
from feedback_site.delivery.enums import DeliveryChannel, MessageStatus
from feedback_site.delivery.models import Message
from feedback_site.questionnaires.models import Questionnaire, QuestionnaireVersion
from feedback_site.service_events.enums import EventStatus
from feedback_site.service_events.models import ServiceEvent
from surveys.enums import TallyMeasure
from surveys.models import Invitation, Response, ResponseTally
from tests.factories.cases import ask
from tests.factories.customers.case import upsert_customer
from tests.factories.dashboards.exports import ask_for, cases, export_folder
from tests.factories.dashboards.world import World
from tests.factories.questionnaires.documents import both, document_of, question

__all__ = ["ask_for", "cases", "export_folder"]


DOCUMENT = document_of(
    [question("overall", "rating", both("How?", "如何？")), question("why", "text", both("Why?", "为什么？"))]
)


@pytest.fixture
def serve(organisation, noon):
    """A completed case; `sent_after` minutes, `satisfaction` and `comment` say what became of it."""
    numbers = count(1)
    customer = upsert_customer(source="crm", external_id="C-1")
    questionnaire = Questionnaire.objects.create(slug="after-service", names={"en": "After service"})
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire, number=1, document=DOCUMENT, published_at=noon
    )

    def event_of(team, completed_at, number):
        event = ServiceEvent.objects.create(
            source="crm",
            external_id=f"T-{number}",
            kind=organisation.repair,
            channel=organisation.phone,
            team=team,
            credited_team=team,
            customer=customer,
            status=EventStatus.COMPLETED,
            opened_at=completed_at - timedelta(hours=1),
            completed_at=completed_at,
            content_hash=b"0" * 32,
        )
        ServiceEvent.objects.filter(pk=event.pk).update(recorded_at=completed_at, updated_at=completed_at)
        return event

    def invite(event, number, **fields):
        completed_at = event.completed_at
        return Invitation.objects.create(
            purpose=Purpose.SURVEY,
            version=version,
            service_event=event,
            customer=customer,
            team=event.team,
            credited_team=event.credited_team,
            kind=event.kind,
            language="en",
            token_hash=number.to_bytes(32),
            token_key_id=0,
            invited_at=completed_at,
            belongs_on=timezone.localdate(completed_at),
            due_at=completed_at,
            deadline_at=completed_at + timedelta(minutes=10),
            send_until=completed_at + timedelta(days=3),
            expires_at=completed_at + timedelta(days=14),
            **fields,
        )

    def serve(
        team,
        *,
        ago=timedelta(hours=1),
        sent_after=1,
        status=MessageStatus.SENT,
        satisfaction=None,
        comment="",
        **fields,
    ):
        number = next(numbers)
        completed_at = noon - ago
        event = event_of(team, completed_at, number)
        invitation = invite(event, number, answered_at=None if satisfaction is None else noon, **fields)
        is_sent = status == MessageStatus.SENT
        Message.objects.create(
            subject_kind="invitation",
            subject_id=invitation.pk,
            channel=DeliveryChannel.SMS,
            team=team,
            status=status,
            due_at=completed_at,
            deadline_at=invitation.deadline_at,
            send_until=invitation.send_until,
            sent_at=completed_at + timedelta(minutes=sent_after) if is_sent else None,
            queued_at=completed_at,
        )
        if satisfaction is not None:
            Response.objects.create(
                invitation=invitation,
                answers={"overall": satisfaction, "why": comment},
                answers_hash=b"0" * 32,
                satisfaction=satisfaction,
                language="en",
                submitted_at=noon,
            )
            cell = {
                "day": invitation.belongs_on,
                "team": team,
                "measure": TallyMeasure.SATISFACTION,
                "value": satisfaction,
            }
            tally, _is_new = ResponseTally.objects.get_or_create(**cell, defaults={"count": 0})
            ResponseTally.objects.filter(pk=tally.pk).update(count=tally.count + 1)
        return invitation

    return serve


@pytest.fixture
def world(organisation):
    """Writes cases of any fate; see `World`."""
    return World(organisation, ask(organisation))
