from datetime import timedelta

import pytest

from feedback_site.delivery.models import Message
from nps.enums import Exclusion
from nps.selectors.progress import campaign_progress
from nps.services.running import run_campaigns

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(field_work, organisation, staff, noon):
    """Two strata; wave 1 is out, three of it answered, one was dropped; wave 2 has begun."""
    field_work.serve_many(60)
    field_work.serve_many(20, channel=organisation.on_site)
    field_work.serve_many(2, consent=None)
    campaign = field_work.launched(staff.quinn)
    first = campaign.members.get(stratum__channel=organisation.phone, position=1)
    field_work.consent(first.customer, is_granted=False, stated_at=noon)
    field_work.run()
    field_work.answer_all(campaign, 9, 10, 3)
    return campaign


def test_progress_counts_people_by_stratum(campaign, field_work):
    progress = campaign_progress(campaign)

    assert (progress.frame, progress.contactable, progress.invited, progress.dropped) == (82, 80, 39, 1)
    assert (progress.answered, progress.target, progress.rate) == (3, 10, 3 / 39)
    rows = {
        row.label: (row.frame, row.contactable, row.excluded, row.allocated, row.needed)
        for row in progress.strata
    }
    assert rows == {
        "New · Phone": (62, 60, {Exclusion.NO_CONSENT: 2}, 8, 32),
        "New · On site": (20, 20, {}, 2, 8),
    }
    assert {row.label: (row.invited, row.dropped) for row in progress.strata} == {
        "New · Phone": (31, 1),
        "New · On site": (8, 0),
    }
    assert sum(row.answered for row in progress.strata) == 3
    assert all(row.rate == row.answered / row.invited for row in progress.strata)


def test_progress_counts_whose_message_has_left(campaign, noon):
    messages = list(Message.objects.values_list("pk", flat=True)[:5])
    Message.objects.filter(pk__in=messages).update(status="sent", sent_at=noon)

    assert campaign_progress(campaign).sent == 5


def test_progress_by_wave(campaign, field_work, noon):
    later = noon + timedelta(days=3)
    field_work.run(at=later)

    first, second = campaign_progress(campaign).waves

    assert (first.number, first.planned, first.invited, first.dropped, first.answered) == (1, 40, 39, 1, 3)
    assert (first.started_at, first.finished_at) == (noon, noon)
    assert (second.number, second.answered, second.started_at, second.finished_at) == (2, 0, later, later)
    assert second.invited == second.planned > 0


def test_before_the_launch_no_customer_is_invited(field_work):
    field_work.serve()

    progress = campaign_progress(field_work.drawn())

    assert (progress.invited, progress.sent, progress.answered, progress.rate, progress.waves) == (
        0,
        0,
        0,
        None,
        [],
    )
    assert progress.strata[0].rate is None


def test_a_wave_whose_members_are_not_yet_invited_is_shown(field_work, staff, noon):
    field_work.serve()
    campaign = field_work.launched(staff.quinn)
    run_campaigns(at=noon)

    (wave,) = campaign_progress(campaign).waves
    assert (wave.planned, wave.invited, wave.finished_at) == (1, 0, None)


def test_the_page_takes_a_fixed_number_of_queries(campaign, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        campaign_progress(campaign)
