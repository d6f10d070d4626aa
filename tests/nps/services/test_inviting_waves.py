from datetime import timedelta

import pytest
from django.db import transaction

from feedback_site.delivery.models import Message
from nps.models import Campaign, CampaignWave
from nps.services.fielding import pause_campaign
from nps.services.running import run_campaigns
from surveys.models import Invitation

pytestmark = pytest.mark.django_db


def invited(campaign):
    return campaign.members.filter(invitation__isnull=False)


def test_a_wave_cut_short_is_resumed_and_no_customer_is_invited_twice(field_work, staff, noon):
    field_work.serve_many(40)
    campaign = field_work.launched(staff.quinn)
    run_campaigns(at=noon)
    run_campaigns(at=noon, limit=15)
    first = set(invited(campaign).values_list("pk", "invitation_id"))

    class WorkerKilledError(Exception):
        pass

    def invite_and_die():
        with transaction.atomic():
            run_campaigns(at=noon, limit=15)
            raise WorkerKilledError

    with pytest.raises(WorkerKilledError):
        invite_and_die()
    assert set(invited(campaign).values_list("pk", "invitation_id")) == first

    field_work.run()

    assert first < set(invited(campaign).values_list("pk", "invitation_id"))
    assert (len(first), Invitation.objects.count(), Message.objects.count()) == (15, 40, 40)
    assert Invitation.objects.values("customer").distinct().count() == 40


def test_a_start_of_a_wave_cut_short_leaves_no_customer_assigned(field_work, staff, noon):
    field_work.serve_many(40)
    campaign = field_work.launched(staff.quinn)

    class WorkerKilledError(Exception):
        pass

    def start_and_die():
        with transaction.atomic():
            run_campaigns(at=noon)
            assert campaign.members.filter(wave=1).count() == 40
            raise WorkerKilledError

    with pytest.raises(WorkerKilledError):
        start_and_die()

    assert (campaign.members.filter(wave=1).count(), CampaignWave.objects.count()) == (0, 0)


def test_later_waves_go_by_the_response_so_far(field_work, staff, noon):
    field_work.serve_many(200)
    campaign = field_work.launched(staff.quinn)
    field_work.run()
    field_work.answer_all(campaign, *[9] * 4)  # 4 of 40

    field_work.run(at=noon + timedelta(days=3) - timedelta(seconds=1))
    assert campaign.waves.count() == 1
    field_work.run(at=noon + timedelta(days=3))

    assert list(campaign.waves.order_by("number").values_list("number", "planned")) == [(1, 40), (2, 60)]
    second = campaign.members.filter(wave=2)
    assert sorted(second.values_list("position", flat=True)) == list(range(41, 101))
    assert second.filter(invitation__isnull=False).count() == 60


def test_no_wave_follows_once_the_target_is_reached(field_work, staff, noon):
    field_work.serve_many(200)
    campaign = field_work.launched(staff.quinn)
    field_work.run()
    field_work.answer_all(campaign, *[9] * 10)

    field_work.run(at=noon + timedelta(days=2))
    assert campaign.waves.count() == 1
    field_work.run(at=noon + timedelta(days=3))

    campaign.refresh_from_db()
    assert (campaign.status, campaign.closed_at, campaign.waves.count()) == ("reached", None, 1)
    assert set(Invitation.objects.values_list("expires_at", flat=True)) == {campaign.field_ends_at}
    last_moment = campaign.field_ends_at - timedelta(minutes=1)
    unanswered = Invitation.objects.filter(answered_at__isnull=True).first()
    field_work.answer(unanswered, 0, at=last_moment)

    field_work.run(at=campaign.field_ends_at)

    campaign.refresh_from_db()
    assert (campaign.status, campaign.closing_cause, campaign.result["n"]) == ("closed", "time_over", 11)


def test_a_campaign_whose_answers_are_taken_out_of_the_count_goes_on(field_work, staff, noon):
    field_work.serve_many(200)
    campaign = field_work.launched(staff.quinn)
    field_work.run()
    field_work.answer_all(campaign, *[9] * 10)
    field_work.run(at=noon + timedelta(days=2))
    Campaign.objects.filter(pk=campaign.pk).update(status="reached")
    campaign.members.filter(invitation__response__isnull=False).update(invitation=None, dropped="no_consent")

    field_work.run(at=noon + timedelta(days=3))

    campaign.refresh_from_db()
    assert (campaign.status, campaign.waves.count()) == ("running", 2)


def test_waves_go_on_until_the_frame_is_exhausted(field_work, staff, noon):
    field_work.serve_many(50)
    campaign = field_work.launched(staff.quinn)
    for days in (0, 3, 6):
        field_work.run(at=noon + timedelta(days=days))

    campaign.refresh_from_db()
    assert list(campaign.waves.order_by("number").values_list("planned", flat=True)) == [40, 10]
    assert (campaign.status, campaign.closed_at) == ("exhausted", None)
    assert set(Invitation.objects.values_list("expires_at", flat=True)) == {campaign.field_ends_at}


@pytest.mark.parametrize(("people", "wanted"), [(5, 1), (40, 10)])
def test_a_campaign_that_asked_everybody_at_once_lives_as_long_as_any_other(
    field_work, staff, noon, people, wanted
):
    """It was closed seconds after its launch."""
    field_work.programme.target_completes = wanted
    field_work.programme.save()
    field_work.serve_many(people)
    campaign = field_work.launched(staff.quinn)

    field_work.run()
    field_work.run(at=noon + timedelta(seconds=19))
    field_work.run(at=campaign.field_ends_at - timedelta(seconds=1))

    campaign.refresh_from_db()
    assert (campaign.status, campaign.field_ends_at) == ("exhausted", noon + timedelta(days=21))


def test_links_of_a_late_wave_live_until_the_field_ends(field_work, staff, noon):
    field_work.serve_many(60)
    campaign = field_work.launched(staff.quinn)
    field_work.run()
    late = campaign.field_ends_at - timedelta(hours=1)

    field_work.run(at=late)

    assert Invitation.objects.filter(invited_at=late).count() == 20
    assert set(Invitation.objects.values_list("expires_at", flat=True)) == {campaign.field_ends_at}


@pytest.mark.parametrize("is_paused", [False, True])
def test_the_field_period_ends_a_campaign(field_work, staff, noon, is_paused):
    field_work.serve_many(60)
    campaign = field_work.launched(staff.quinn)
    field_work.run()
    if is_paused:
        pause_campaign(campaign=campaign, at=noon)

    field_work.run(at=campaign.field_ends_at)

    campaign.refresh_from_db()
    assert (campaign.status, campaign.closing_cause) == ("closed", "time_over")
    assert Invitation.objects.count() == 40
