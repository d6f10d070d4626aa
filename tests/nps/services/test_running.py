from datetime import timedelta

import pytest

from nps.enums import ClosingCause
from nps.services.fielding import close_campaign
from nps.services.running import run_campaigns
from surveys.models import FollowUpRequest, Invitation

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(field_work, staff):
    field_work.serve_many(40)
    launched = field_work.launched(staff.quinn)
    field_work.run()
    return launched


def follow_ups():
    return sorted(FollowUpRequest.objects.values_list("reason", "score"))


def test_every_detractor_is_followed_up_once(field_work, campaign, noon):
    field_work.answer_all(campaign, 0, 6, 7, 10)
    later = noon + timedelta(hours=2)

    field_work.run(at=later)
    assert run_campaigns(at=later) == 0

    assert follow_ups() == [("detractor", 0), ("detractor", 6)]
    assert set(FollowUpRequest.objects.values_list("requested_at", flat=True)) == {later}


def test_follow_ups_go_in_batches(field_work, campaign, noon):
    field_work.answer_all(campaign, *[1] * 5)

    field_work.run(limit=2)

    assert len(follow_ups()) == 5


def test_an_answer_that_came_just_before_the_close_is_followed_up(field_work, campaign, noon, staff):
    field_work.answer_all(campaign, 2)
    close_campaign(campaign=campaign, cause=ClosingCause.STAFF, by=staff.quinn, at=noon + timedelta(hours=2))

    field_work.run(at=noon + timedelta(hours=3))

    assert follow_ups() == [("detractor", 2)]


def test_an_answer_of_two_weeks_ago_is_not_followed_up_any_more(field_work, campaign, noon):
    field_work.answer_all(campaign, 2)

    field_work.run(at=noon + timedelta(days=14, hours=1))

    assert follow_ups() == []


def test_answers_outside_campaigns_are_left_alone(field_work, campaign, noon):
    invitation = Invitation.objects.order_by("pk").first()
    campaign.members.update(invitation=None)
    field_work.answer(invitation, 2)

    field_work.run()

    assert follow_ups() == []
