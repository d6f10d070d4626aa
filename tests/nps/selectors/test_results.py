from datetime import date, timedelta

import pytest

from feedback_site.evaluations.rules import Visibility
from feedback_site.statistics.net_promoter import compare_periods, net_promoter_score
from nps.enums import ClosingCause
from nps.models import Programme
from nps.selectors.results import campaign_result
from nps.services.drawing import draw_sample, request_draw
from nps.services.fielding import close_campaign, launch_campaign

pytestmark = pytest.mark.django_db


def counts_of(scores):
    return [scores.count(score) for score in range(11)]


@pytest.fixture
def fielded(field_work, staff, noon):
    """A maker of campaigns in the field with these answers."""
    field_work.serve_many(60)
    Programme.objects.update(target_completes=60, expected_response_percent=100, cap_days=0)

    def make(quarter_start, *scores, is_closed=False):
        campaign = field_work.earlier(quarter_start)
        request_draw(campaign=campaign, at=noon)
        launch_campaign(campaign=draw_sample(campaign_id=campaign.pk, at=noon), by=staff.quinn, at=noon)
        field_work.run()
        field_work.answer_all(campaign, *scores)
        if is_closed:
            close_campaign(
                campaign=campaign, cause=ClosingCause.STAFF, by=staff.quinn, at=noon + timedelta(hours=2)
            )
        campaign.refresh_from_db()
        return campaign

    return make


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_result_is_the_score_with_its_interval_and_shares(fielded, is_closed):
    scores = [10] * 18 + [9] * 2 + [8] * 6 + [7] * 4 + [6] * 3 + [0] * 7

    result = campaign_result(fielded(date(2026, 10, 1), *scores, is_closed=is_closed))

    expected = net_promoter_score(counts_of(scores))
    assert (result.n, result.promoters, result.passives, result.detractors, result.nps) == (
        40,
        20,
        10,
        10,
        25,
    )
    assert [result.low, result.high] == pytest.approx([expected.adjusted.low, expected.adjusted.high])
    assert (result.shares.promoters, result.shares.passives, result.shares.detractors) == (50, 25, 25)
    assert (result.visibility, result.is_final) == (Visibility.FULL, is_closed)
    assert [(row.label, row.n, row.nps) for row in result.strata] == [("New · Phone", 40, 25)]


@pytest.mark.parametrize(
    ("answers", "visibility", "n", "nps"),
    [
        (0, Visibility.NOTHING, None, None),
        (4, Visibility.NOTHING, None, None),
        (5, Visibility.COUNT, 5, None),
        (9, Visibility.COUNT, 9, None),
        (10, Visibility.GREYED, 10, 100),
        (30, Visibility.FULL, 30, 100),
    ],
)
def test_few_answers_hide_the_result(fielded, answers, visibility, n, nps):
    result = campaign_result(fielded(date(2026, 10, 1), *[10] * answers))

    assert (result.visibility, result.n, result.nps) == (visibility, n, nps)
    assert (result.strata[0].visibility, result.strata[0].n, result.strata[0].nps) == (visibility, n, nps)
    assert (result.promoters is None) == (result.low is None) == (result.shares is None) == (nps is None)


@pytest.mark.parametrize(
    ("before", "now", "direction"),
    [
        ([10] * 20 + [0] * 20, [10] * 35 + [0] * 5, "up"),
        ([10] * 35 + [0] * 5, [10] * 20 + [0] * 20, "down"),
        ([10] * 20 + [0] * 20, [10] * 22 + [0] * 18, "no_clear_change"),
        ([0] * 30, [10] * 30, "up"),
        ([10] * 30, [10] * 30, "no_clear_change"),
    ],
)
def test_the_change_on_the_last_closed_campaign(fielded, before, now, direction):
    fielded(date(2026, 1, 1), *[0] * 30, is_closed=True)
    fielded(date(2026, 4, 1), *before, is_closed=True)
    fielded(date(2026, 7, 1), *[0] * 30)

    change = campaign_result(fielded(date(2026, 10, 1), *now)).change

    expected = compare_periods(counts_of(before), counts_of(now))
    assert (change.direction, change.difference, change.p_value) == (
        direction,
        expected.difference,
        expected.p_value,
    )
    assert [change.low, change.high] == [expected.interval.low, expected.interval.high]
    assert change.against == date(2026, 4, 1)


def test_without_an_earlier_campaign_there_is_no_change(fielded):
    change = campaign_result(fielded(date(2026, 10, 1), *[9] * 40)).change

    assert (change.direction, change.difference, change.against) == (None, None, None)


@pytest.mark.parametrize(("before", "now"), [(29, 40), (40, 29)])
def test_too_few_answers_make_no_change(fielded, before, now):
    fielded(date(2026, 7, 1), *[0] * before, is_closed=True)

    change = campaign_result(fielded(date(2026, 10, 1), *[10] * now)).change

    assert (change.direction, change.difference, change.against) == (None, None, date(2026, 7, 1))


def test_a_closed_result_does_not_move_any_more(fielded):
    campaign = fielded(date(2026, 10, 1), *[9] * 40, is_closed=True)
    before = campaign_result(campaign)

    campaign.members.update(invitation=None)

    assert campaign_result(campaign) == before


def test_the_page_takes_a_fixed_number_of_queries(fielded, django_assert_max_num_queries):
    campaign = fielded(date(2026, 10, 1), *[9] * 10)

    with django_assert_max_num_queries(3):
        campaign_result(campaign)
