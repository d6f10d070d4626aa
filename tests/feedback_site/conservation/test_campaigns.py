"""`manage.py verify` holds on campaigns as the services leave them.

It turns red for one tampered row per check.
"""

# ruff: noqa: S608 - statements are made of ids that this module made

from datetime import timedelta

import pytest

from nps.enums import ClosingCause
from nps.models import CampaignMember
from nps.services.fielding import close_campaign
from tests.factories.conservation.tampering import red_checks, tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(field_work, staff, noon):
    """Four answers of five members; one was excluded by the draw."""
    field_work.serve_many(5)
    field_work.serve(consent=False)
    campaign = field_work.launched(staff.quinn)
    field_work.run()
    field_work.answer_all(campaign, 10, 9, 7, 2)
    return close_campaign(
        campaign=campaign, cause=ClosingCause.STAFF, by=staff.quinn, at=noon + timedelta(hours=2)
    )


def campaign_checks() -> dict[str, list[str]]:
    """What is red, but for the events that these tests write without their transitions."""
    slugs = ("samples_follow_from_their_seed", "members_are_invited_once", "closed_results_equal_answers")
    return {slug: keys for slug, keys in red_checks().items() if slug in slugs}


def test_an_honest_campaign_passes(closed):
    assert campaign_checks() == {}


def test_a_member_moved_to_the_front_is_found(closed):
    first, second = CampaignMember.objects.filter(position__in=[1, 2]).order_by("position")
    tamper(
        "ALTER TABLE nps_campaignmember DROP CONSTRAINT campaignmember_position_is_used_once",
        f"UPDATE nps_campaignmember SET position = 3 - position WHERE id IN ({first.pk}, {second.pk})",
    )

    assert campaign_checks() == {"samples_follow_from_their_seed": sorted([str(first.pk), str(second.pk)])}


def test_another_seed_is_found(closed):
    tamper(f"UPDATE nps_campaign SET seed = seed + 1 WHERE id = '{closed.pk}'")

    assert len(campaign_checks()["samples_follow_from_their_seed"]) == 6


def test_a_customer_asked_out_of_turn_is_found(closed):
    first = CampaignMember.objects.get(position=1)
    tamper(
        "ALTER TABLE nps_campaignmember DROP CONSTRAINT campaignmember_of_a_wave_is_invited_or_dropped",
        f"UPDATE nps_campaignmember SET wave = NULL WHERE id = {first.pk}",
    )

    assert set(campaign_checks()) == {"members_are_invited_once"}


def test_an_invitation_without_a_member_is_found(closed):
    member = CampaignMember.objects.get(position=5)
    tamper(f"UPDATE nps_campaignmember SET invitation_id = NULL WHERE id = {member.pk}")

    assert campaign_checks() == {"members_are_invited_once": [str(member.invitation_id)]}


def test_a_result_that_was_bettered_is_found(closed):
    tamper(
        f"UPDATE nps_campaign SET result = jsonb_set(result, '{{counts,10}}', '2') WHERE id = '{closed.pk}'"
    )

    assert campaign_checks() == {"closed_results_equal_answers": [str(closed.pk)]}
