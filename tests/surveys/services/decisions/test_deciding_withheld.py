from datetime import timedelta

import pytest

from feedback_site.delivery.enums import DeliveryChannel, SuppressionReason
from feedback_site.delivery.models import Message
from feedback_site.delivery.services import suppress_address
from surveys.enums import VoidReason
from surveys.models import EventDecision, Invitation, Survey
from surveys.services.decisions.deciding import decide_events
from surveys.services.invitations.inviting import void_invitation

pytestmark = pytest.mark.django_db


def reason_of(event):
    return EventDecision.objects.get(pk=event.pk).reason


def test_an_event_completed_longer_ago_than_the_age_limit_is_too_old(cast, noon):
    old, fresh = (
        cast.record(completed_at=noon - timedelta(hours=72, seconds=1)),
        cast.record(completed_at=noon - timedelta(hours=72)),
    )

    decide_events(at=noon)

    assert (reason_of(old), reason_of(fresh)) == ("too_old", "")


@pytest.mark.parametrize("consent", [{}, {"survey": False}, {"nps": True}])
def test_without_consent_for_surveys_no_customer_is_asked(cast, noon, consent):
    event = cast.record(consent=consent)

    decide_events(at=noon)

    assert reason_of(event) == "no_consent"


def test_without_an_address_no_customer_is_asked(cast, noon):
    event = cast.record(phone="none")

    decide_events(at=noon)

    assert reason_of(event) == "no_contact"


@pytest.mark.parametrize("land_line", ["010-88880117", "400-820-8820"])
def test_a_land_line_takes_no_text_but_the_customer_may_have_an_email(cast, noon, land_line):
    by_phone = cast.record(phone=land_line)
    by_email = cast.record(phone=land_line, email="wang@example.com")

    decide_events(at=noon)

    assert reason_of(by_phone) == "no_contact"
    assert reason_of(by_email) == ""


def test_an_address_on_a_channel_the_rule_does_not_use_is_no_contact(cast, noon):
    Survey.objects.update(delivery_channels=["sms"])
    event = cast.record(email="wang@example.com")

    decide_events(at=noon)

    assert reason_of(event) == "no_contact"


def test_suppressed_addresses_are_left_alone(cast, noon):
    suppress_address(
        channel=DeliveryChannel.SMS, address="+8613800138000", reason=SuppressionReason.BLOCKED, at=noon
    )
    only, also = cast.record(phone="13800138000"), cast.record(phone="13800138000", email="wang@example.com")

    decide_events(at=noon)

    assert (reason_of(only), reason_of(also)) == ("suppressed", "")
    assert Message.objects.get().channel == "email"


def test_the_same_contact_is_asked_once_within_the_cap(cast, noon):
    Survey.objects.update(cap_days=30)
    first = cast.record(person="C-1", phone="13800138000", completed_at=noon - timedelta(hours=3))
    again = cast.record(person="C-2", phone="13800138000", completed_at=noon - timedelta(hours=2))
    decide_events(at=noon)
    later = cast.record(person="C-1", phone="13800138000")

    decide_events(at=noon + timedelta(minutes=1))

    assert [reason_of(event) for event in (first, again, later)] == ["", "frequency_cap", "frequency_cap"]


def test_the_cap_ends(cast, noon):
    Survey.objects.update(cap_days=1, age_limit_hours=100)
    cast.record(person="C-1", phone="13800138000")
    decide_events(at=noon)
    later = cast.record(person="C-1", phone="13800138000", completed_at=noon)

    decide_events(at=noon + timedelta(days=1))

    assert reason_of(later) == ""


def test_a_voided_invitation_that_never_left_does_not_count_for_the_cap(cast, noon):
    Survey.objects.update(cap_days=30)
    cast.record(person="C-1", phone="13800138000")
    decide_events(at=noon)
    void_invitation(invitation=Invitation.objects.get(), reason=VoidReason.WITHDRAWN, at=noon)
    later = cast.record(person="C-1", phone="13800138000")

    decide_events(at=noon)

    assert reason_of(later) == ""


def test_events_outside_the_sample_are_not_asked_about(cast, noon):
    Survey.objects.update(sample_percent=0)
    event = cast.record()

    decide_events(at=noon)

    assert reason_of(event) == "sampled_out"


def test_reasons_are_given_in_the_order_of_the_ledger(cast, noon):
    Survey.objects.update(sample_percent=0)
    event = cast.record(phone="none", consent={})

    decide_events(at=noon)

    assert reason_of(event) == "no_consent"
