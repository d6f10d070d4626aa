from datetime import date, timedelta
from decimal import Decimal

import pytest

from feedback_site.evaluations.models import (
    EvaluationRecord,
    EvaluationScheme,
    Indicator,
    Measurement,
    SchemeItem,
)
from feedback_site.statistics.net_promoter import net_promoter_score
from nps.enums import ClosingCause
from nps.models import Programme
from nps.services.fielding import close_campaign
from nps.services.measuring import measure_net_promoter_score
from nps.services.running import run_campaigns
from surveys.models import Invitation

pytestmark = pytest.mark.django_db

QUARTER = date(2026, 10, 1)


def measured(team):
    return Measurement.objects.get(
        indicator__slug="net_promoter_score", team=team, period_kind="quarter", period_start=QUARTER
    )


@pytest.fixture
def campaign(field_work, staff):
    """Ten customers of east-1 and ten of west-1 are invited."""
    field_work.serve_many(10)
    field_work.serve_many(10, team=field_work.organisation.west_1)
    launched = field_work.launched(staff.quinn)
    field_work.run()
    return launched


def answer(field_work, team, *scores):
    invitations = Invitation.objects.filter(credited_team=team, answered_at__isnull=True).order_by("pk")
    for invitation, score in zip(invitations, scores, strict=False):
        field_work.answer(invitation, score)


def test_teams_and_those_above_them_are_measured_by_quarter(field_work, campaign, noon):
    organisation = field_work.organisation
    answer(field_work, organisation.east_1, 10, 9, 8, 3)
    answer(field_work, organisation.west_1, 0, 10)

    run_campaigns(at=noon)

    figures = {
        team: (measured(team).value, measured(team).n)
        for team in (organisation.east_1, organisation.east, organisation.west)
    }
    assert figures == {organisation.east_1: (25, 4), organisation.east: (25, 4), organisation.west: (0, 2)}
    expected = net_promoter_score([0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1]).adjusted
    row = measured(organisation.east)
    assert [float(row.low), float(row.high)] == pytest.approx([expected.low, expected.high], abs=0.0001)
    assert (row.source, row.measured_at) == ("survey", noon)
    assert row.evidence == {
        "campaigns": [str(campaign.pk)],
        "counts": [0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1],
        "promoters": 2,
        "passives": 1,
        "detractors": 1,
    }


def test_a_score_at_the_edge_of_the_scale_lies_in_its_interval(field_work, campaign, noon):
    answer(field_work, field_work.organisation.east_1, *[10] * 10)
    answer(field_work, field_work.organisation.west_1, *[0] * 10)

    run_campaigns(at=noon)

    best, worst = measured(field_work.organisation.east_1), measured(field_work.organisation.west_1)
    assert (best.value, best.high, worst.value, worst.low) == (100, 100, -100, -100)


def test_measuring_again_writes_only_what_changed(field_work, campaign, noon):
    answer(field_work, field_work.organisation.east_1, 10)
    answer(field_work, field_work.organisation.west_1, 10)
    assert measure_net_promoter_score(quarter_start=QUARTER, at=noon) == 4
    assert measure_net_promoter_score(quarter_start=QUARTER, at=noon) == 0

    answer(field_work, field_work.organisation.west_1, 0)
    assert measure_net_promoter_score(quarter_start=QUARTER, at=noon + timedelta(days=1)) == 2
    assert measured(field_work.organisation.east_1).measured_at == noon
    assert measured(field_work.organisation.west_1).value == 0


def test_two_campaigns_of_a_quarter_are_pooled(field_work, campaign, staff, noon):
    answer(field_work, field_work.organisation.east_1, 10, 10)
    field_work.programme = Programme.objects.create(
        slug="east",
        names={"en": "East", "zh-hans": "东区"},
        questionnaire=field_work.programme.questionnaire,
        cap_days=0,
    )
    second = field_work.launched(staff.quinn)
    field_work.run()
    for invitation in Invitation.objects.filter(
        campaign_member__campaign=second, credited_team=field_work.organisation.east_1
    )[:2]:
        field_work.answer(invitation, 0)

    field_work.run()

    row = measured(field_work.organisation.east_1)
    assert (row.value, row.n, row.evidence["campaigns"]) == (0, 4, sorted([str(campaign.pk), str(second.pk)]))


def test_a_team_that_moved_takes_its_answers_along(field_work, campaign, noon):
    organisation = field_work.organisation
    answer(field_work, organisation.east_1, 10, 10)
    run_campaigns(at=noon)

    organisation.east_1.parent = organisation.west
    organisation.east_1.save()
    run_campaigns(at=noon)

    assert (
        measured(organisation.west).n,
        measured(organisation.east).n,
        measured(organisation.east).value,
    ) == (2, 0, None)


def test_the_close_measures_what_was_answered_last(field_work, campaign, noon):
    answer(field_work, field_work.organisation.east_1, 9)

    close_campaign(
        campaign=campaign, cause=ClosingCause.STAFF, by=campaign.launched_by, at=noon + timedelta(hours=2)
    )

    assert measured(field_work.organisation.east).n == 1


def test_a_scheme_that_weighs_the_score_is_calculated_anew(field_work, campaign, noon):
    scheme = EvaluationScheme.objects.create(slug="loyalty", names={"en": "Loyalty", "zh-hans": "忠诚度"})
    SchemeItem.objects.create(
        scheme=scheme, indicator=Indicator.objects.get(slug="net_promoter_score"), weight=100
    )
    answer(field_work, field_work.organisation.east_1, *[10, 9, 9, 10, 9, 9, 8, 8, 7, 7])

    run_campaigns(at=noon)

    record = EvaluationRecord.objects.get(
        scheme=scheme, team=field_work.organisation.east, period_kind="quarter"
    )
    line = record.lines.get()
    assert (record.period_start, line.value, line.n) == (QUARTER, Decimal(60), 10)


def test_no_record_is_made_where_no_scheme_weighs_the_score(field_work, campaign, noon):
    answer(field_work, field_work.organisation.east_1, 10)

    run_campaigns(at=noon)

    assert not EvaluationRecord.objects.exists()


def test_a_missing_indicator_is_not_measured(field_work, campaign, noon):
    Indicator.objects.filter(slug="net_promoter_score").delete()
    answer(field_work, field_work.organisation.east_1, 10)

    assert run_campaigns(at=noon) == 0
