"""The frame person by person."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nps.services.fielding import launch_campaign

LIST, CHANGE = "admin:nps_campaignmember_changelist", "admin:nps_campaignmember_change"


@pytest.fixture
def campaign(field_work, staff, noon):
    """Five of the east, two of the west, one who never consented; four invited, of whom one answered."""
    field_work.programme.expected_response_percent = 100
    field_work.programme.target_completes = 4
    field_work.programme.minimum_per_stratum = 0
    field_work.programme.save()
    field_work.serve_many(5)
    field_work.serve_many(2, team=field_work.organisation.west_1)
    field_work.serve(consent=None)
    drawn = field_work.drawn()
    launch_campaign(campaign=drawn, by=staff.root, at=noon)
    field_work.run()
    field_work.answer_all(drawn, 9)
    return drawn


def listed(page):
    return list(page.context["cl"].result_list)


def test_members_are_seen_by_the_team_that_served_them(campaign, staff, visit):
    assert len(listed(visit(staff.ellen, LIST))) == 6
    assert len(listed(visit(staff.wei, LIST))) == 2
    assert len(listed(visit(staff.quinn, LIST))) == 8
    assert visit(staff.max, LIST).status_code == 403


@pytest.mark.parametrize(
    ("state", "members"), [("answered", 1), ("invited", 4), ("waiting", 3), ("excluded", 1), ("dropped", 0)]
)
def test_the_state_filter_finds_who_is_in_it(campaign, staff, visit, state, members):
    assert len(listed(visit(staff.quinn, f"/admin/nps/campaignmember/?state={state}"))) == members


def test_members_are_found_by_campaign_wave_and_exclusion(campaign, staff, visit):
    def found(query):
        return len(listed(visit(staff.quinn, f"/admin/nps/campaignmember/?{query}")))

    assert found(f"campaign__id__exact={campaign.pk}") == 8
    assert found("wave=1") == 4
    assert found("exclusion__exact=no_consent") == 1
    assert found("q=C-1") == 1


def test_a_member_shows_masks_and_no_answer(campaign, staff, visit):
    member = campaign.members.get(invitation__answered_at__isnull=False)

    page = visit(staff.quinn, CHANGE, member.pk)

    text = page.content.decode()
    assert page.status_code == 200
    assert "answered" in text
    assert "1380000" not in text
    assert page.context["has_change_permission"] is False


def test_the_list_takes_as_many_queries_for_eight_members_as_for_one(campaign, staff, visit):
    address = "/admin/nps/campaignmember/?state=answered"
    visit(staff.quinn, address)
    with CaptureQueriesContext(connection) as one:
        visit(staff.quinn, address)

    with CaptureQueriesContext(connection) as many:
        visit(staff.quinn, LIST)

    assert abs(len(one) - len(many)) <= 1
    assert len(many) <= 22
