"""A refusal holds for the contact, on every delivery channel.

When events are decided, and again at the moment of sending.
"""

import pytest

from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer
from feedback_site.customers.services import Wish, state_preferences
from feedback_site.delivery.models import Message
from feedback_site.delivery.services import Void
from surveys.models import EventDecision, Invitation, Survey
from surveys.pages.letters import write_invitation
from surveys.services.decisions.deciding import decide_events
from surveys.services.invitations.messages import build_messages, look_once_more
from tests.factories.customers.case import upsert_customer

pytestmark = pytest.mark.django_db
CONTACTS = {"sms": {"phone": "13812345678"}, "email": {"email": "wang@example.com"}}
SPELT_OTHERWISE = {"sms": {"phone": "+86 138-1234-5678"}, "email": {"email": "WANG@Example.com"}}


def refuse(customer, at, purpose=Purpose.SURVEY):
    state_preferences(
        customer=customer, choices={purpose: False}, wish=Wish(source="unsubscribe page", at=at)
    )


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_a_refused_contact_is_not_asked_under_a_new_customer_number(cast, noon, channel):
    refuse(upsert_customer(source="crm", external_id="OLD", **CONTACTS[channel]), noon)

    cast.record(person="NEW", **SPELT_OTHERWISE[channel])
    decide_events(at=noon)

    assert EventDecision.objects.get().reason == "no_consent"
    assert Message.objects.count() == 0


@pytest.mark.parametrize("look", ["building", "last look"])
@pytest.mark.parametrize("channel", ["sms", "email"])
def test_a_refusal_between_decision_and_sending_stops_the_message(cast, noon, channel, look):
    Survey.objects.update(delivery_channels=["sms", "email"])
    cast.record(person="NEW", **CONTACTS[channel])
    decide_events(at=noon)
    message = Message.objects.get()
    message.status = "sending"
    assert message.channel == channel

    refuse(upsert_customer(source="crm", external_id="OLD", **SPELT_OTHERWISE[channel]), noon)

    if look == "building":
        assert build_messages([message], noon, write=write_invitation)[message.id] == Void(
            "consent_withdrawn"
        )
    else:
        assert look_once_more([message], noon) == {message.id: "consent_withdrawn"}
    assert Invitation.objects.get().void_reason == "consent_withdrawn"


def test_another_purpose_goes_on(cast, noon):
    cast.record(person="NEW", phone="13812345678")
    refuse(Customer.objects.get(), noon, Purpose.NPS)
    decide_events(at=noon)

    message = Message.objects.get()
    message.status = "sending"
    assert look_once_more([message], noon) == {}
    assert not isinstance(build_messages([message], noon, write=write_invitation)[message.id], Void)


def test_a_refused_land_line_is_not_asked_by_email_instead(cast, noon):
    Survey.objects.update(delivery_channels=["sms", "email"])
    refuse(upsert_customer(source="crm", external_id="OLD", phone="010-88880117"), noon)

    cast.record(person="NEW", phone="010-88880117", email="wang@example.com")
    decide_events(at=noon)

    assert EventDecision.objects.get().reason == "no_consent"
