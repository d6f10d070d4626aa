import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.customers.models import Customer
from feedback_site.questionnaires.models import Questionnaire
from nps.models import Campaign, CampaignMember, CampaignStratum, Programme
from nps.services.drawing import draw_sample, request_draw
from nps.services.running import run_campaigns
from surveys.models import Invitation
from tests.factories.nps.case import random_number
from tests.factories.questionnaires.documents import publish

pytestmark = pytest.mark.django_db


def exclusion_of(customer):
    return CampaignMember.objects.get(customer=customer).exclusion


def sample():
    rows = CampaignMember.objects.order_by("customer_id")
    return list(rows.values_list("customer_id", "random_number", "exclusion", "position", "stratum__channel"))


def test_the_frame_is_who_was_served_in_its_days(field_work, noon):
    for days in (0.001, 89.9):
        field_work.serve(completed_at=noon - timedelta(days=days))
    for days in (90.1, 0, -1):
        field_work.serve(completed_at=noon - timedelta(days=days))
    field_work.serve(status="reopened")
    field_work.serve(status="open", completed_at=None)

    campaign = field_work.drawn()

    assert (campaign.frame_from, campaign.frame_at) == (noon - timedelta(days=90), noon)
    assert (campaign.members.count(), campaign.strata.get().frame) == (2, 2)


def test_a_customer_is_in_the_frame_once_with_the_last_service(field_work, noon):
    organisation = field_work.organisation
    customer = field_work.serve(completed_at=noon - timedelta(days=30))
    field_work.serve(
        customer=customer,
        consent=None,
        completed_at=noon - timedelta(days=2),
        channel=organisation.on_site,
        segment=organisation.existing,
        team=organisation.west_1,
    )

    field_work.drawn()

    member = CampaignMember.objects.get()
    assert (member.stratum.segment, member.stratum.channel) == (organisation.existing, organisation.on_site)
    assert (member.team, member.service_event.completed_at) == (organisation.west_1, noon - timedelta(days=2))


def test_replayed_history_counts_in_the_frame(field_work):
    field_work.serve(is_replayed=True)

    assert field_work.drawn().members.count() == 1


def test_a_programme_of_a_team_asks_the_customers_of_its_subtree(field_work):
    organisation = field_work.organisation
    Programme.objects.update(team=organisation.east)
    ours = [field_work.serve(team=organisation.east_1), field_work.serve(team=organisation.east)]
    field_work.serve(team=organisation.west_1)

    campaign = field_work.drawn()

    assert set(campaign.members.values_list("customer_id", flat=True)) == {customer.pk for customer in ours}
    assert campaign.team == organisation.east


def test_of_two_customers_with_one_phone_the_first_by_random_number_is_asked(field_work):
    pair = [
        field_work.serve(phone="13912345678"),
        field_work.serve(phone="+86 139 1234 5678", channel=field_work.organisation.on_site),
    ]

    campaign = field_work.drawn()

    first, second = sorted(pair, key=lambda customer: random_number(campaign.seed, customer.pk))
    assert (exclusion_of(first), exclusion_of(second)) == ("", "frequency_cap")


def test_a_customer_who_may_not_be_asked_does_not_stand_in_the_way_of_another_with_that_phone(field_work):
    # Ten pairs: in some of them the one who may not be asked comes first.
    phones = [f"1391234567{digit}" for digit in range(10)]
    pairs = [(field_work.serve(phone=phone, consent=None), field_work.serve(phone=phone)) for phone in phones]

    field_work.drawn()

    assert [(exclusion_of(silent), exclusion_of(asked)) for silent, asked in pairs] == [
        ("no_consent", "")
    ] * 10


def test_places_go_by_the_random_numbers_within_each_stratum(field_work):
    organisation = field_work.organisation
    for segment, channel in (
        (organisation.new, organisation.phone),
        (organisation.existing, organisation.phone),
        (None, organisation.on_site),
    ):
        field_work.serve_many(12, segment=segment, channel=channel)
        field_work.serve_many(2, segment=segment, channel=channel, consent=None)

    campaign = field_work.drawn()

    assert campaign.strata.count() == 3
    for stratum in campaign.strata.all():
        ids = list(
            stratum.members.filter(exclusion="").order_by("position").values_list("customer_id", flat=True)
        )
        assert ids == sorted(ids, key=lambda pk: (random_number(campaign.seed, pk), pk))
        assert list(stratum.members.order_by("position").values_list("position", flat=True)) == [
            *range(1, 13),
            None,
            None,
        ]
        assert (stratum.frame, stratum.contactable) == (14, 12)
    assert all(
        member.random_number == random_number(campaign.seed, member.customer_id)
        for member in campaign.members.all()
    )


def test_completes_and_invitations_are_planned_for_every_stratum(field_work):
    organisation = field_work.organisation
    field_work.serve_many(40, segment=organisation.existing)
    field_work.serve_many(4, segment=organisation.high_value)
    field_work.serve_many(3, segment=organisation.new, consent=None)

    campaign = field_work.drawn()

    planned = {
        row.segment: (row.frame, row.contactable, row.allocated, row.needed)
        for row in campaign.strata.select_related("segment")
    }
    assert planned == {
        organisation.existing: (40, 40, 8, 32),
        organisation.high_value: (4, 4, 2, 4),
        organisation.new: (3, 0, 0, 0),
    }


def test_drawing_again_before_the_launch_replaces_the_frame_with_the_same_seed(field_work, noon):
    field_work.serve_many(5)
    campaign = field_work.drawn()
    before = sample()
    Programme.objects.update(target_completes=3)
    field_work.serve(completed_at=noon + timedelta(minutes=1))

    later = noon + timedelta(hours=1)
    request_draw(campaign=campaign, at=later)
    again = draw_sample(campaign_id=campaign.pk, at=later)

    assert (again.seed, again.frame_at, again.target_completes) == (campaign.seed, later, 3)
    assert [row[:2] for row in before] == [row[:2] for row in sample()][:5]
    assert (CampaignStratum.objects.count(), CampaignMember.objects.count()) == (1, 6)


def test_a_draw_that_was_cut_short_is_drawn_again_with_the_same_sample(field_work, noon):
    field_work.serve_many(9)
    field_work.serve_many(3, channel=field_work.organisation.on_site, consent=None)
    campaign = request_draw(campaign=field_work.prepared(), at=noon)

    class WorkerKilledError(Exception):
        pass

    def draw_and_die():
        with transaction.atomic():
            draw_sample(campaign_id=campaign.pk, at=noon)
            cut_short.extend(sample())
            raise WorkerKilledError

    cut_short: list = []
    with pytest.raises(WorkerKilledError):
        draw_and_die()
    campaign.refresh_from_db()
    assert (campaign.status, CampaignMember.objects.count(), CampaignStratum.objects.count()) == (
        "drawing",
        0,
        0,
    )

    assert run_campaigns(at=noon + timedelta(hours=5)) == 1

    campaign.refresh_from_db()
    assert (campaign.status, campaign.drawn_at) == ("drawn", noon + timedelta(hours=5))
    assert len(cut_short) == 12
    assert [row[:4] for row in sample()] == [row[:4] for row in cut_short]


def test_an_empty_frame_is_drawn_without_customers(field_work):
    campaign = field_work.drawn()

    assert (campaign.status, campaign.members.count(), campaign.strata.count()) == ("drawn", 0, 0)


def test_the_latest_published_version_is_fixed_by_the_draw(field_work):
    newer = publish()

    assert field_work.drawn().version == newer


def test_an_unpublished_questionnaire_keeps_the_sample_from_being_drawn(field_work, noon):
    campaign = field_work.prepared()
    Programme.objects.update(
        questionnaire=Questionnaire.objects.create(slug="draft", names={"en": "Draft", "zh-hans": "草稿"})
    )

    with pytest.raises(DomainError, match="Publish the questionnaire"):
        request_draw(campaign=campaign, at=noon)


@pytest.mark.parametrize("status", ["drawing", "cancelled"])
def test_a_campaign_that_cannot_be_drawn_now_says_so(field_work, noon, status):
    campaign = field_work.prepared()
    Campaign.objects.update(status=status)

    with pytest.raises(ConflictError, match="before the launch"):
        request_draw(campaign=campaign, at=noon)
    if status == "cancelled":
        assert draw_sample(campaign_id=campaign.pk, at=noon) is None


def test_a_launched_campaign_is_not_drawn_again(field_work, staff, noon):
    field_work.serve()
    campaign = field_work.launched(staff.quinn)

    with pytest.raises(ConflictError, match="before the launch"):
        request_draw(campaign=campaign, at=noon)


@pytest.mark.django_db(transaction=True)
def test_two_workers_drawing_at_once_draw_one_sample(field_work, noon):
    field_work.serve_many(30)
    campaign = request_draw(campaign=field_work.prepared(), at=noon)
    barrier = threading.Barrier(2, timeout=60)
    drawn = []

    def work():
        try:
            barrier.wait()
            drawn.append(draw_sample(campaign_id=campaign.pk, at=noon) is not None)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (sorted(drawn), CampaignMember.objects.count()) == ([False, True], 30)


def test_campaigns_of_other_quarters_are_left_alone(field_work, noon):
    field_work.serve_many(2)
    campaign = field_work.drawn()
    other = field_work.earlier(date(2026, 7, 1))

    request_draw(campaign=other, at=noon)
    draw_sample(campaign_id=other.pk, at=noon)

    assert (campaign.members.count(), other.members.count()) == (2, 2)
    assert Customer.objects.count() == 2
    assert not Invitation.objects.exists()
