import threading
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection

from feedback_site.delivery.enums import DeliveryChannel, SuppressionReason
from feedback_site.delivery.models import Message
from feedback_site.delivery.services import suppress_address
from nps.models import CampaignMember, Programme
from nps.services.fielding import pause_campaign, resume_campaign
from nps.services.running import run_campaigns
from surveys.models import Invitation
from surveys.services.invitations.inviting import queue_invitations
from tests.factories.customers.case import upsert_customer

pytestmark = pytest.mark.django_db


def invited(campaign):
    return campaign.members.filter(invitation__isnull=False)


def test_the_first_wave_invites_as_many_as_the_draw_planned(field_work, staff, noon):
    field_work.serve_many(60)
    field_work.serve_many(6, channel=field_work.organisation.on_site)
    campaign = field_work.launched(staff.quinn)

    field_work.run()

    needed = {row.pk: row.needed for row in campaign.strata.all()}
    assert sorted(needed.values()) == [6, 32]
    assert Counter(invited(campaign).values_list("stratum_id", flat=True)) == needed
    assert all(member.position <= needed[member.stratum_id] for member in invited(campaign))
    wave = campaign.waves.get()
    assert (wave.number, wave.planned, wave.started_at, wave.finished_at) == (1, 38, noon, noon)


def test_an_invitation_is_for_the_company_not_for_the_service(field_work, staff, noon):
    customer = field_work.serve(
        phone="13912345678", team=field_work.organisation.west_1, credited_team=field_work.organisation.east_1
    )
    campaign = field_work.launched(staff.quinn)

    field_work.run()

    invitation = Invitation.objects.get()
    assert (invitation.purpose, invitation.origin, invitation.service_event, invitation.customer) == (
        "nps",
        "sent",
        None,
        customer,
    )
    assert (invitation.version, invitation.survey, invitation.agent, invitation.kind) == (
        campaign.version,
        None,
        None,
        None,
    )
    assert (invitation.team, invitation.credited_team) == (
        field_work.organisation.west_1,
        field_work.organisation.east_1,
    )
    assert (invitation.segment, invitation.channel) == (
        field_work.organisation.new,
        field_work.organisation.phone,
    )
    assert (invitation.invited_at, invitation.belongs_on) == (noon, date(2026, 11, 20))
    assert (invitation.send_until, invitation.expires_at) == (campaign.field_ends_at, campaign.field_ends_at)
    assert (invitation.is_in_headline, invitation.deadline_at, invitation.is_replayed) == (False, None, False)
    assert bytes(invitation.contact_index) == bytes(customer.phone_index)
    assert CampaignMember.objects.get().invitation == invitation


def test_an_invitation_counts_on_the_day_of_the_programmes_zone(field_work, staff, noon):
    Programme.objects.update(time_zone="Pacific/Auckland")
    field_work.serve()
    field_work.launched(staff.quinn)

    field_work.run(at=noon + timedelta(hours=8))

    assert Invitation.objects.get().belongs_on == date(2026, 11, 21)


def test_messages_go_out_by_the_programmes_first_usable_channel(field_work, staff, noon):
    Programme.objects.update(delivery_channels=["email", "sms"])
    field_work.serve(phone="13912345678", email="wang@example.com")
    field_work.serve(phone="13912345679")
    campaign = field_work.launched(staff.quinn)

    field_work.run()

    messages = Message.objects.order_by("channel").values_list(
        "channel", "status", "send_until", "is_local_only"
    )
    assert list(messages) == [
        (channel, "queued", campaign.field_ends_at, False) for channel in ("email", "sms")
    ]
    assert queue_invitations(at=noon) == 0


def test_replayed_history_never_leaves_this_machine(field_work, staff, noon):
    field_work.serve()
    field_work.launched(staff.quinn)

    run_campaigns(at=noon, is_replayed=True)
    run_campaigns(at=noon, is_replayed=True)

    assert (Invitation.objects.get().is_replayed, Message.objects.get().is_local_only) == (True, True)


@pytest.mark.parametrize("limit", [1, 7, 40, 500])
def test_a_wave_goes_out_in_batches_and_invites_everybody_once(field_work, staff, noon, limit):
    field_work.serve_many(40)
    campaign = field_work.launched(staff.quinn)

    assert run_campaigns(at=noon, limit=limit) == 1
    assert run_campaigns(at=noon, limit=limit) == min(limit, 40)
    field_work.run(limit=limit)

    assert (invited(campaign).count(), Invitation.objects.count(), Message.objects.count()) == (40, 40, 40)
    assert run_campaigns(at=noon, limit=limit) == 0


def test_a_paused_campaign_invites_no_customer_and_goes_on_where_it_was(field_work, staff, noon):
    field_work.serve_many(40)
    campaign = field_work.launched(staff.quinn)
    run_campaigns(at=noon)
    run_campaigns(at=noon, limit=15)

    pause_campaign(campaign=campaign, at=noon)
    assert run_campaigns(at=noon) == 0
    assert invited(campaign).count() == 15

    resume_campaign(campaign=campaign, at=noon)
    field_work.run()
    assert (invited(campaign).count(), Invitation.objects.count(), campaign.waves.count()) == (40, 40, 1)


def test_what_happened_after_the_draw_is_looked_at_again(field_work, staff, noon):
    withdrawn, blocked, gone, asked, merged, fine = field_work.serve_many(6)
    campaign = field_work.launched(staff.quinn)
    field_work.consent(withdrawn, is_granted=False, stated_at=noon)
    suppress_address(
        channel=DeliveryChannel.SMS, address="13800000002", reason=SuppressionReason.BLOCKED, at=noon
    )
    upsert_customer(source="crm", external_id=gone.external_id, phone="")
    twin = field_work.serve(phone="13800000004", status="open", completed_at=None)
    Invitation.objects.create(
        purpose="nps",
        version=campaign.version,
        customer=twin,
        contact_index=bytes(asked.phone_index),
        team=field_work.organisation.east_1,
        credited_team=field_work.organisation.east_1,
        language="en",
        token_hash=b"x" * 32,
        token_key_id=0,
        invited_at=noon - timedelta(hours=1),
        belongs_on=noon.date(),
        due_at=noon,
        send_until=noon,
        expires_at=noon + timedelta(days=1),
    )
    upsert_customer(source="crm", external_id=merged.external_id, phone="13800000006")

    field_work.run()

    dropped = dict(campaign.members.exclude(dropped="").values_list("customer_id", "dropped"))
    second = max((merged, fine), key=lambda customer: campaign.members.get(customer=customer).pk)
    assert dropped == {
        withdrawn.pk: "no_consent",
        blocked.pk: "suppressed",
        gone.pk: "no_contact",
        asked.pk: "frequency_cap",
        second.pk: "frequency_cap",
    }
    assert invited(campaign).count() == 1
    assert campaign.waves.get().finished_at == noon


def test_without_a_cap_a_contact_is_still_asked_once_in_a_campaign(field_work, staff):
    Programme.objects.update(cap_days=0)
    _first, second = field_work.serve_many(2)
    campaign = field_work.launched(staff.quinn)
    upsert_customer(source="crm", external_id=second.external_id, phone="13800000001")

    field_work.run(limit=1)

    assert sorted(campaign.members.values_list("dropped", flat=True)) == ["", "frequency_cap"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_running_at_once_start_one_wave_and_invite_everybody_once(field_work, staff, noon):
    field_work.serve_many(40)
    campaign = field_work.launched(staff.quinn)
    barrier = threading.Barrier(2, timeout=60)

    def work():
        try:
            barrier.wait()
            for _ in range(15):
                run_campaigns(at=noon, limit=4)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    field_work.run()

    assert (invited(campaign).count(), Invitation.objects.count(), Message.objects.count()) == (40, 40, 40)
    assert campaign.waves.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_campaigns_that_share_a_contact_ask_it_once(field_work, staff, noon):
    field_work.serve_many(30)
    other = Programme.objects.create(
        slug="east",
        names={"en": "East", "zh-hans": "东区"},
        questionnaire=field_work.programme.questionnaire,
        target_completes=10,
    )
    campaign = field_work.launched(staff.quinn)
    field_work.programme = other
    second = field_work.launched(staff.quinn)
    assert (campaign.members.filter(exclusion="").count(), second.members.filter(exclusion="").count()) == (
        30,
        30,
    )
    barrier = threading.Barrier(2, timeout=60)

    def work():
        try:
            barrier.wait()
            for _ in range(12):
                run_campaigns(at=noon, limit=5)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    field_work.run()

    asked = [bytes(index) for index in Invitation.objects.values_list("contact_index", flat=True)]
    assert (len(asked), len(set(asked))) == (30, 30)
    assert CampaignMember.objects.filter(dropped="frequency_cap").count() == 30
