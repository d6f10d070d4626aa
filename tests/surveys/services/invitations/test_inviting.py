from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from feedback_site.common.exceptions import ConflictError
from feedback_site.common.ids import uuid7
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer
from feedback_site.delivery.enums import DeliveryChannel, SuppressionReason
from feedback_site.delivery.models import Message
from feedback_site.delivery.services import suppress_address
from surveys.enums import VoidReason
from surveys.models import Invitation, Survey
from surveys.services.decisions.deciding import decide_events
from surveys.services.invitations.inviting import queue_invitations, save_invitations, void_invitation
from surveys.services.links.tokens import hash_token, token_of
from tests.factories.surveys.inviting import invite_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest(cast, published, noon):
    """A maker of invitations to Wang, without an event."""
    customer = cast.record(person="C-9", phone="13812345678", email="wang@example.com").customer

    def make(**changes):
        team = cast.organisation.east_1
        facts = {
            "purpose": Purpose.NPS,
            "version": published,
            "team_id": team.pk,
            "credited_team_id": team.pk,
            "customer": customer,
        }
        return invite_customer(**(facts | {"at": noon} | changes))

    return make


def test_an_invitation_holds_only_the_hash_of_its_token(guest):
    invitation = guest()

    assert bytes(invitation.token_hash) == hash_token(token_of(invitation))


def test_an_invitation_counts_and_ends_by_the_teams_day(guest, noon):
    invitation = guest()

    assert (invitation.invited_at, invitation.due_at, invitation.belongs_on.isoformat()) == (
        noon,
        noon,
        "2026-11-20",
    )
    assert invitation.expires_at == noon + timedelta(days=14)
    assert (invitation.is_in_headline, invitation.deadline_at) == (False, None)


@pytest.mark.usefixtures("chinese_site")
def test_a_language_can_be_asked_for(guest):
    assert (guest().language, guest(language="en").language) == ("zh-hans", "en")


def test_due_invitations_are_queued_once(guest, noon):
    invitation = guest()

    assert queue_invitations(at=noon) == 1
    assert queue_invitations(at=noon) == 0

    message = Message.objects.get()
    assert (message.subject_kind, message.subject_id, message.channel) == ("invitation", invitation.id, "sms")
    invitation.refresh_from_db()
    assert invitation.is_queued


def test_an_invitation_is_queued_when_it_is_due(cast, noon):
    Survey.objects.update(delay_minutes=90)
    cast.record(completed_at=noon)
    decide_events(at=noon)

    assert queue_invitations(at=noon + timedelta(minutes=89)) == 0
    assert queue_invitations(at=noon + timedelta(minutes=90)) == 1


def test_open_and_voided_invitations_are_not_queued(guest, noon):
    guest(purpose=Purpose.OPEN, customer=None)
    void_invitation(invitation=guest(), reason=VoidReason.WITHDRAWN, at=noon)

    assert queue_invitations(at=noon) == 0


def test_the_first_address_that_may_be_written_to_is_used(guest, noon):
    suppress_address(
        channel=DeliveryChannel.SMS, address="+8613812345678", reason=SuppressionReason.BLOCKED, at=noon
    )
    guest()

    queue_invitations(at=noon)

    assert Message.objects.get().channel == "email"


def test_an_invitation_whose_customer_lost_every_address_still_reaches_delivery(guest, noon):
    guest()
    Customer.objects.update(phone_sealed=None, phone_index=None, email_sealed=None, email_index=None)

    assert queue_invitations(at=noon) == 1
    assert Message.objects.get().channel == "sms"


def test_an_answered_invitation_cannot_be_voided(guest, noon):
    invitation = guest()
    Invitation.objects.update(answered_at=noon)

    with pytest.raises(ConflictError):
        void_invitation(invitation=invitation, reason=VoidReason.WITHDRAWN, at=noon)

    assert Invitation.objects.get().voided_at is None


def test_voiding_twice_keeps_the_first_reason(guest, noon):
    invitation = guest()
    void_invitation(invitation=invitation, reason=VoidReason.WITHDRAWN, at=noon)

    again = void_invitation(invitation=invitation, reason=VoidReason.CANCELLED, at=noon + timedelta(hours=1))

    assert (again.void_reason, again.voided_at) == ("withdrawn", noon)


def test_an_event_is_asked_about_once(cast, published, noon):
    event = cast.record()
    decide_events(at=noon)

    with pytest.raises(IntegrityError, match="asks_once_about_an_event"), transaction.atomic():
        invite_customer(
            purpose=Purpose.SURVEY,
            version=published,
            team_id=event.team_id,
            credited_team_id=event.credited_team_id,
            customer=event.customer,
            service_event=event,
            at=noon,
        )


def test_a_batch_with_an_event_that_was_asked_about_is_refused_as_a_whole(cast, noon):
    cast.record()
    decide_events(at=noon)
    known = Invitation.objects.get()
    known.pk, known.token_hash = uuid7(), b"x" * 32

    with pytest.raises(IntegrityError, match="invitation_asks_once_about_an_event"), transaction.atomic():
        save_invitations([known], addresses={}, at=noon - timedelta(days=1))

    assert Invitation.objects.count() == 1
