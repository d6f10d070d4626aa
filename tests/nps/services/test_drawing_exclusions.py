from datetime import timedelta

import pytest

from feedback_site.customers.services import contact_indexes
from feedback_site.delivery.enums import DeliveryChannel, SuppressionReason
from feedback_site.delivery.models import Message
from feedback_site.delivery.services import suppress_address
from nps.models import CampaignMember, Programme
from surveys.services.invitations.inviting import Schedule, prepare_invitation

pytestmark = pytest.mark.django_db


def exclusion_of(customer):
    return CampaignMember.objects.get(customer=customer).exclusion


@pytest.fixture
def invited_before(field_work, noon):
    """A maker of earlier invitations of a customer's phone."""

    def make(customer, *, days, **changes):
        at = noon - timedelta(days=days)
        schedule = Schedule(
            invited_at=at, belongs_on=at.date(), due_at=at, send_until=at, expires_at=at + timedelta(days=14)
        )
        team = field_work.organisation.east_1.pk
        invitation = prepare_invitation(
            purpose=changes.pop("purpose", "nps"),
            version_id=field_work.programme.questionnaire.versions.get().pk,
            team_id=team,
            credited_team_id=team,
            customer=customer,
            contact=contact_indexes(customer)["phone"],
            schedule=schedule,
        )
        for name, value in changes.items():
            setattr(invitation, name, value)
        invitation.save(force_insert=True)
        return invitation

    return make


def test_exclusions_are_stated_in_their_order(field_work, noon):
    silent = field_work.serve(consent=None, phone="")
    refusing = field_work.serve()
    field_work.consent(refusing, is_granted=False, stated_at=noon - timedelta(days=1))
    returning = field_work.serve(consent=False)
    field_work.consent(returning, is_granted=True, stated_at=noon - timedelta(days=1))
    unreachable, by_land_line = field_work.serve(phone=""), field_work.serve(phone="010-88880117")
    blocked = field_work.serve(phone="13912345678")
    suppress_address(
        channel=DeliveryChannel.SMS, address="13912345678", reason=SuppressionReason.BLOCKED, at=noon
    )

    field_work.drawn()

    found = {
        customer: exclusion_of(customer)
        for customer in (silent, refusing, returning, unreachable, by_land_line, blocked)
    }
    assert found == {
        silent: "no_consent",
        refusing: "no_consent",
        returning: "",
        unreachable: "no_contact",
        by_land_line: "no_contact",
        blocked: "suppressed",
    }


def test_a_consent_to_questionnaires_is_none_to_recommendations(field_work, noon):
    customer = field_work.serve(consent=None)
    customer.consents.create(purpose="survey", is_granted=True, stated_at=noon, source="crm")

    field_work.drawn()

    assert exclusion_of(customer) == "no_consent"


def test_only_the_programmes_delivery_channels_are_ways_to_a_customer(field_work):
    Programme.objects.update(delivery_channels=["email"])
    by_phone, by_email = field_work.serve(), field_work.serve(phone="", email="wang@example.com")

    field_work.drawn()

    assert (exclusion_of(by_phone), exclusion_of(by_email)) == ("no_contact", "")


def test_another_address_of_a_blocked_phone_is_used(field_work, noon):
    customer = field_work.serve(phone="13912345678", email="wang@example.com")
    suppress_address(
        channel=DeliveryChannel.SMS, address="13912345678", reason=SuppressionReason.BLOCKED, at=noon
    )

    field_work.drawn()

    assert exclusion_of(customer) == ""


@pytest.mark.parametrize(("days", "exclusion"), [(89, "frequency_cap"), (90, ""), (200, "")])
def test_no_customer_is_asked_twice_within_the_cap(field_work, invited_before, days, exclusion):
    customer = field_work.serve()
    invited_before(customer, days=days)

    field_work.drawn()

    assert exclusion_of(customer) == exclusion


def test_the_cap_is_of_the_contact_not_of_the_customer(field_work, invited_before):
    asked, same_phone = (
        field_work.serve(phone="13912345678", completed_at=None, status="open"),
        field_work.serve(phone="13912345678"),
    )
    invited_before(asked, days=3)

    field_work.drawn()

    assert exclusion_of(same_phone) == "frequency_cap"


@pytest.mark.parametrize("changes", [{"purpose": "survey"}, {"is_replayed": True}])
def test_what_did_not_ask_for_a_recommendation_does_not_cap(field_work, invited_before, changes):
    customer = field_work.serve()
    invited_before(customer, days=3, **changes)

    field_work.drawn()

    assert exclusion_of(customer) == ""


@pytest.mark.parametrize(("status", "exclusion"), [("voided", ""), ("sent", "frequency_cap")])
def test_a_voided_invitation_caps_only_when_its_message_had_left(
    field_work, invited_before, noon, status, exclusion
):
    customer = field_work.serve()
    invitation = invited_before(customer, days=3, voided_at=noon, void_reason="withdrawn")
    Message.objects.create(
        subject_kind="invitation",
        subject_id=invitation.pk,
        channel="sms",
        team_id=invitation.team_id,
        status=status,
        sent_at=noon if status == "sent" else None,
        due_at=noon,
        send_until=noon,
        queued_at=noon,
    )

    field_work.drawn()

    assert exclusion_of(customer) == exclusion


def test_without_a_cap_earlier_campaigns_do_not_matter(field_work, invited_before):
    Programme.objects.update(cap_days=0)
    customer = field_work.serve()
    invited_before(customer, days=1)

    field_work.drawn()

    assert exclusion_of(customer) == ""
