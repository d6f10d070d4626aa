"""Satisfaction of months and quarters, from tallies."""

from datetime import date
from decimal import Decimal

import pytest

from feedback_site.evaluations.models import EvaluationRecord, Measurement
from feedback_site.evaluations.services import load_after_sales_scheme
from surveys.models import ResponseTally
from surveys.services.tallies.measuring import measure_answers
from surveys.services.tallies.rated_subjects import Rated

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture
def rate(cast):
    """Tally ratings of a team on a day."""
    load_after_sales_scheme()

    def rate(team, day, **counts):
        for word, count in counts.items():
            value = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}[word]
            ResponseTally.objects.create(
                day=day,
                team=team,
                survey=None,
                kind=cast.organisation.repair,
                channel=cast.organisation.phone,
                measure="satisfaction",
                value=value,
                count=count,
            )

    return rate


def satisfaction(team, kind, start):
    return (
        Measurement.objects.filter(team=team, period_kind=kind, period_start=start)
        .values_list("value", "n")
        .first()
    )


def test_a_quarter_is_the_mean_of_its_ratings_and_not_of_its_months(cast, rate, noon):
    team = cast.organisation.east_1
    rate(team, date(2026, 10, 3), five=30)
    rate(team, date(2026, 11, 3), two=10)

    measure_answers(fed={}, rated=[Rated(team.pk, NOVEMBER)], at=noon)

    assert satisfaction(team, "month", NOVEMBER) == (Decimal(2), 10)
    assert satisfaction(team, "quarter", OCTOBER) == (Decimal("4.25"), 40)
    assert satisfaction(cast.organisation.east, "quarter", OCTOBER) == (Decimal("4.25"), 40)


def test_a_rating_of_the_next_quarter_stays_out(cast, rate, noon):
    team = cast.organisation.east_1
    rate(team, date(2026, 12, 31), five=3)
    rate(team, date(2027, 1, 1), one=3)

    measure_answers(fed={}, rated=[Rated(team.pk, date(2026, 12, 1))], at=noon)

    assert satisfaction(team, "quarter", OCTOBER) == (Decimal(5), 3)
    assert satisfaction(team, "quarter", date(2027, 1, 1)) is None


def test_a_quarters_record_is_calculated_by_the_scheme_like_a_months(cast, rate, noon):
    team = cast.organisation.east_1
    rate(team, date(2026, 10, 3), five=20)
    rate(team, date(2026, 11, 3), four=20)

    measure_answers(fed={}, rated=[Rated(team.pk, NOVEMBER)], at=noon)

    records = EvaluationRecord.objects.filter(team=team).values_list(
        "period_kind", "period_start", "status", "score"
    )
    assert set(records) == {
        ("month", NOVEMBER, "calculated", Decimal(80)),
        ("quarter", OCTOBER, "calculated", Decimal(90)),
    }


def test_many_months_take_as_many_statements_as_one(cast, rate, noon, django_assert_max_num_queries):
    teams = [cast.organisation.east_1, cast.organisation.west_1]
    months = [date(2026, month, 1) for month in range(1, 12)]
    for team in teams:
        for month in months:
            rate(team, month, five=1)

    with django_assert_max_num_queries(18):
        measure_answers(fed={}, rated=[Rated(team.pk, month) for team in teams for month in months], at=noon)

    assert EvaluationRecord.objects.filter(team=teams[0]).count() == len(months) + 4
