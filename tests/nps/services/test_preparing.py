import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from feedback_site.common.exceptions import ConflictError, DomainError
from nps.models import Campaign, Programme
from nps.services.preparing import prepare_campaign, prepare_campaigns

pytestmark = pytest.mark.django_db


def test_the_present_quarter_is_prepared_once_with_the_programmes_settings(field_work, noon):
    Programme.objects.update(
        target_completes=400, minimum_per_stratum=7, expected_response_percent=33, cap_days=60
    )

    assert (prepare_campaigns(at=noon), prepare_campaigns(at=noon)) == (1, 0)

    campaign = Campaign.objects.get()
    assert (campaign.quarter_start, campaign.status, campaign.team_id, campaign.prepared_at) == (
        date(2026, 10, 1),
        "prepared",
        None,
        noon,
    )
    assert (campaign.target_completes, campaign.minimum_per_stratum) == (400, 7)
    assert (campaign.expected_response_percent, campaign.cap_days) == (33, 60)


def test_quarters_begin_by_the_programmes_zone(field_work):
    prepare_campaigns(at=datetime(2026, 12, 31, 17, 0, tzinfo=UTC))

    assert Campaign.objects.get().quarter_start == date(2027, 1, 1)


def test_every_campaign_has_a_seed_of_its_own_that_stays(field_work, noon):
    prepare_campaigns(at=noon)
    seed = Campaign.objects.get().seed
    prepare_campaigns(at=noon)
    prepare_campaign(programme=field_work.programme, quarter_start=date(2026, 7, 1), at=noon)

    seeds = list(Campaign.objects.order_by("-quarter_start").values_list("seed", flat=True))
    assert seeds[0] == seed
    assert len(set(seeds)) == 2
    assert all(0 <= drawn < 2**53 for drawn in seeds)


def test_an_inactive_programme_is_not_prepared(field_work, noon):
    Programme.objects.update(is_active=False)

    assert prepare_campaigns(at=noon) == 0


def test_a_misspelt_zone_does_not_hold_up_the_other_programmes(field_work, noon):
    Programme.objects.create(
        slug="a",
        names={"en": "A", "zh-hans": "甲"},
        questionnaire=field_work.programme.questionnaire,
        time_zone="Asia/Atlantis",
    )

    assert prepare_campaigns(at=noon) == 1


def test_preparing_by_hand_twice_is_a_conflict(field_work, noon):
    prepare_campaigns(at=noon)

    with pytest.raises(ConflictError, match="prepared already"):
        prepare_campaign(programme=field_work.programme, quarter_start=date(2026, 10, 1), at=noon)


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 10, 2)])
def test_a_campaign_begins_with_a_quarter(field_work, noon, day):
    with pytest.raises(DomainError, match="quarter begins"):
        prepare_campaign(programme=field_work.programme, quarter_start=day, at=noon)


@pytest.mark.django_db(transaction=True)
def test_two_workers_preparing_at_once_prepare_one_campaign(field_work, noon):
    barrier = threading.Barrier(2, timeout=60)
    prepared = []

    def work():
        try:
            barrier.wait()
            prepared.append(prepare_campaigns(at=noon))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (sorted(prepared), Campaign.objects.count()) == ([0, 1], 1)
