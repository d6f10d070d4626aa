"""Records from measurements."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback_site.accounts.models import Organisation
from feedback_site.accounts.selectors import remember_organisation
from feedback_site.evaluations.enums import Grade, RecordStatus
from feedback_site.evaluations.models import EvaluationRecord, EvaluationScheme, RecordLine, SchemeItem
from feedback_site.evaluations.services import (
    publish_record,
    refresh_records,
    review_record,
)
from tests.factories.evaluations.fixtures import NOVEMBER, WEIGHTED_SCORE, current_record


@pytest.fixture
def calculate(scheme, noon):
    def calculate(team, *, at=noon):
        return current_record(scheme, team, at=at)

    return calculate


@pytest.fixture
def published(organisation, staff, measure, calculate, noon):
    measure(organisation.east_1)
    record = review_record(record=calculate(organisation.east_1), by=staff.quinn, at=noon)
    return publish_record(record=record, by=staff.root, at=noon)


def test_a_record_weighs_the_scores_of_its_indicators(organisation, measure, calculate):
    measure(organisation.east_1)

    record = calculate(organisation.east_1)

    assert (record.score, record.grade, record.weight_covered) == (WEIGHTED_SCORE, Grade.GOOD, Decimal(100))
    assert record.status == RecordStatus.CALCULATED
    scores = dict(record.lines.values_list("indicator__slug", "score"))
    assert scores == {
        "first_response_time": Decimal(80),
        "phone_answer_rate": Decimal(93),
        "triage_accuracy": Decimal(88),
        "resolution_rate": Decimal(86),
        "customer_satisfaction": Decimal(90),
        "standard_procedure": Decimal(97),
    }


def test_a_record_without_measurements_has_neither_score_nor_grade(organisation, calculate):
    record = calculate(organisation.east_1)

    assert (record.score, record.grade, record.weight_covered) == (None, "", 0)
    assert record.lines.filter(score__isnull=True, n=0).count() == 6


@pytest.mark.parametrize(("least", "grade"), [(87, Grade.EXCELLENT), (88, Grade.GOOD)])
def test_grades_begin_where_the_company_says(organisation, measure, calculate, least, grade):
    measure(organisation.east_1)
    remember_organisation(Organisation(excellent_from=least))

    assert calculate(organisation.east_1).grade == grade


def test_exactly_four_fifths_of_the_weight_are_enough_for_a_grade(organisation, measure, calculate):
    measure(
        organisation.east_1,
        slugs=[
            "first_response_time",
            "phone_answer_rate",
            "triage_accuracy",
            "resolution_rate",
            "standard_procedure",
        ],
    )

    record = calculate(organisation.east_1)

    # (80*25 + 93*15 + 88*10 + 86*20 + 97*10) / 80 = 87.0625
    assert (record.score, record.grade, record.weight_covered) == (Decimal("87.1"), Grade.GOOD, Decimal(80))


def test_below_four_fifths_of_the_weight_there_is_a_score_but_no_grade(organisation, measure, calculate):
    measure(
        organisation.east_1,
        slugs=["phone_answer_rate", "triage_accuracy", "resolution_rate", "customer_satisfaction"],
    )

    record = calculate(organisation.east_1)

    # (93*15 + 88*10 + 86*20 + 90*20) / 65 = 89.153...
    assert (record.score, record.grade, record.weight_covered) == (Decimal("89.2"), "", Decimal(65))


def test_an_indicator_of_nine_cases_is_stated_but_not_covered(organisation, measure, calculate):
    measure(organisation.east_1)
    measure(organisation.east_1, slugs=["first_response_time"], n=9)

    record = calculate(organisation.east_1)

    line = record.lines.get(indicator__slug="first_response_time")
    assert (line.n, line.value, line.score) == (9, Decimal("1.2"), None)
    assert (record.weight_covered, record.grade) == (Decimal(75), "")


def test_indicators_of_ten_to_29_cases_count_but_cannot_carry_a_grade(organisation, measure, calculate):
    measure(organisation.east_1, n=29)

    few = calculate(organisation.east_1)
    measure(organisation.east_1, n=30)
    enough = calculate(organisation.east_1)

    assert (few.score, few.grade, few.weight_covered) == (WEIGHTED_SCORE, "", Decimal(100))
    assert (enough.score, enough.grade, enough.weight_covered) == (WEIGHTED_SCORE, Grade.GOOD, Decimal(100))


def test_a_record_follows_its_measurements_until_it_is_published(
    organisation, measure, calculate, staff, noon
):
    measure(organisation.east_1)
    first = review_record(record=calculate(organisation.east_1), by=staff.quinn, at=noon)
    measure(organisation.east_1, customer_satisfaction=Decimal(5))

    second = calculate(organisation.east_1, at=noon + timedelta(hours=1))

    assert (second.pk, second.revision, second.score) == (first.pk, 1, Decimal("89.7"))
    assert (second.status, second.reviewed_by, second.reviewed_at) == (RecordStatus.CALCULATED, None, None)


def test_a_review_stands_while_the_figures_do(organisation, measure, calculate, staff, noon):
    measure(organisation.east_1)
    review_record(record=calculate(organisation.east_1), by=staff.quinn, at=noon)

    record = calculate(organisation.east_1, at=noon + timedelta(hours=1))

    assert (record.status, record.calculated_at) == (RecordStatus.REVIEWED, noon)


def test_a_published_record_stays_while_its_figures_hold(organisation, published, calculate, noon):
    record = calculate(organisation.east_1, at=noon + timedelta(days=1))

    assert record == published
    assert EvaluationRecord.objects.count() == 1


def test_late_answers_make_one_revision_and_leave_what_was_published(
    organisation, published, measure, calculate
):
    measure(organisation.east_1, customer_satisfaction=Decimal(5))

    revisions = [calculate(organisation.east_1), calculate(organisation.east_1)]

    published.refresh_from_db()
    assert [(r.revision, r.score, r.status) for r in revisions] == [
        (2, Decimal("89.7"), RecordStatus.CALCULATED)
    ] * 2
    assert (published.revision, published.score, published.status) == (
        1,
        WEIGHTED_SCORE,
        RecordStatus.PUBLISHED,
    )
    assert EvaluationRecord.objects.count() == 2
    assert RecordLine.objects.count() == 12


def test_a_revision_keeps_the_weights_that_were_published(
    organisation, published, scheme, measure, calculate
):
    SchemeItem.objects.filter(scheme=scheme, indicator__slug="customer_satisfaction").update(weight=40)
    SchemeItem.objects.filter(scheme=scheme, indicator__slug="standard_procedure").delete()
    SchemeItem.objects.filter(scheme=scheme, indicator__slug="triage_accuracy").delete()
    same = calculate(organisation.east_1)
    measure(organisation.east_1, customer_satisfaction=Decimal(5))

    revision = calculate(organisation.east_1)

    assert same == published
    assert (revision.revision, revision.score) == (2, Decimal("89.7"))


def test_refreshing_counts_the_records_that_changed(organisation, scheme, measure, noon):
    teams = [organisation.east_1.pk, organisation.west_1.pk, organisation.east_1.pk]
    measure(organisation.east_1)

    counts = [refresh_records(team_ids=teams, month=date(2026, 11, 20), at=noon)]
    counts.append(refresh_records(team_ids=teams, month=NOVEMBER, at=noon))
    measure(organisation.west_1)
    counts.append(refresh_records(team_ids=teams, month=NOVEMBER, at=noon))

    assert counts == [2, 0, 1]
    assert EvaluationRecord.objects.values_list("period_start", flat=True).distinct().get() == NOVEMBER


def test_refreshing_leaves_out_a_scheme_whose_weights_do_not_add_up(organisation, scheme, noon):
    wrong = EvaluationScheme.objects.create(slug="wrong", names={"en": "Wrong", "zh-hans": "错"})
    SchemeItem.objects.create(scheme=wrong, indicator=scheme.items.first().indicator, weight=50)
    EvaluationScheme.objects.create(
        slug="resting", names={"en": "Resting", "zh-hans": "停用"}, is_active=False
    )

    refresh_records(team_ids=[organisation.east_1.pk], month=NOVEMBER, at=noon)

    assert EvaluationRecord.objects.get().scheme == scheme


def test_refreshing_takes_as_many_statements_for_four_teams_as_for_one(organisation, measure, noon):
    teams = [organisation.east, organisation.east_1, organisation.west, organisation.west_1]
    for team in teams:
        measure(team)

    with CaptureQueriesContext(connection) as one:
        refresh_records(team_ids=[teams[0].pk], month=NOVEMBER, at=noon)
    with CaptureQueriesContext(connection) as three:
        refresh_records(team_ids=[team.pk for team in teams[1:]], month=NOVEMBER, at=noon)

    assert len(one) == len(three) <= 14
