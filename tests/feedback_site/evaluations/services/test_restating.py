"""Bringing measured figures on record: what changed, what vanished, and whose records follow."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from feedback_site.evaluations.enums import MeasurementSource, PeriodKind
from feedback_site.evaluations.models import EvaluationRecord, Indicator, Measurement, SchemeItem
from feedback_site.evaluations.rules import Subject
from feedback_site.evaluations.services import (
    Figure,
    Measured,
    Restated,
    record_measurements,
    restate_measurements,
)
from tests.factories.evaluations.fixtures import NOVEMBER

OCTOBER, DECEMBER = date(2026, 10, 1), date(2026, 12, 1)
NONE = {"counts": [0, 0]}


@pytest.fixture
def indicator(scheme):
    return Indicator.objects.get(slug="customer_satisfaction")


@pytest.fixture
def figure(indicator, organisation):
    return Figure(
        indicator=indicator,
        subject=Subject.team(organisation.east_1.pk),
        period_kind=PeriodKind.MONTH,
        period_start=NOVEMBER,
        value=Decimal("4.2"),
        n=40,
        low=4,
        high=4.4,
        source=MeasurementSource.SURVEY,
        evidence={"counts": [1, 2]},
    )


@pytest.fixture
def measured(indicator):
    return Measured(
        indicators=[indicator],
        period_kinds=[PeriodKind.MONTH],
        sources=[MeasurementSource.SURVEY],
        first=NOVEMBER,
        last=NOVEMBER,
        evidence_of_none=NONE,
    )


def stated():
    rows = Measurement.objects.order_by("period_start", "team_id")
    return {(row.team_id, row.period_start): (row.value, row.n, row.evidence) for row in rows}


def test_what_is_new_is_written_and_its_records_follow(figure, noon):
    assert restate_measurements(figures=[figure], at=noon) == Restated(figures=1, records=1)

    row = Measurement.objects.get()
    assert (row.value, row.n, row.low, row.high) == (Decimal("4.2"), 40, 4, Decimal("4.4"))
    assert (row.source, row.evidence, row.measured_at) == ("survey", {"counts": [1, 2]}, noon)
    record = EvaluationRecord.objects.get()
    assert (record.subject, record.period) == (figure.subject, figure.period)


def test_the_same_again_writes_nothing(figure, measured, noon):
    restate_measurements(figures=[figure], at=noon)

    again = replace(figure, value=4.20004, high=4.39999)
    later = noon + timedelta(hours=1)

    assert restate_measurements(figures=[again], measured=measured, at=later) == Restated(0, 0)
    assert Measurement.objects.get().measured_at == noon


@pytest.mark.parametrize(
    "change",
    [
        {"value": Decimal("4.2001")},
        {"n": 41},
        {"low": 3.9},
        {"high": 4.5},
        {"low": None, "high": None},
        {"source": MeasurementSource.SPOT_CHECK},
        {"evidence": {"counts": [2, 1]}},
    ],
    ids="+".join,
)
def test_every_part_of_a_figure_is_a_change(figure, noon, change):
    restate_measurements(figures=[figure], at=noon)

    later = noon + timedelta(hours=1)
    assert restate_measurements(figures=[replace(figure, **change)], at=later).figures == 1
    assert Measurement.objects.get().measured_at == later


def test_what_got_no_figure_any_more_is_stated_to_have_no_cases(figure, measured, organisation, noon):
    gone = replace(figure, subject=Subject.team(organisation.east.pk))
    restate_measurements(figures=[figure, gone], at=noon)

    assert restate_measurements(figures=[figure], measured=measured, at=noon).figures == 1
    assert stated() == {
        (figure.subject.team_id, NOVEMBER): (Decimal("4.2"), 40, {"counts": [1, 2]}),
        (gone.subject.team_id, NOVEMBER): (None, 0, NONE),
    }
    # Once is enough.
    assert restate_measurements(figures=[figure], measured=measured, at=noon) == Restated(0, 0)


@pytest.mark.parametrize(
    ("change", "remains"),
    [
        ({}, False),
        ({"period_start": OCTOBER}, True),
        ({"period_start": DECEMBER}, True),
        ({"period_kind": PeriodKind.QUARTER, "period_start": OCTOBER}, True),
        ({"source": MeasurementSource.CALL_CENTRE}, True),
    ],
)
def test_only_what_was_measured_as_a_whole_vanishes(figure, measured, noon, change, remains):
    record_measurements(figures=[replace(figure, **change)], at=noon)

    restate_measurements(figures=[], measured=measured, at=noon)

    assert (Measurement.objects.get().n == figure.n) is remains


def test_another_indicator_does_not_vanish(figure, measured, noon):
    other = replace(
        figure, indicator=Indicator.objects.get(slug="triage_accuracy"), value=90, low=None, high=None
    )
    record_measurements(figures=[other], at=noon)

    assert restate_measurements(figures=[], measured=measured, at=noon).figures == 0


def test_without_limits_everything_measured_vanishes_whatever_source_stated_it(figure, indicator, noon):
    starts = [date(2020, 1, 1), NOVEMBER]
    record_measurements(figures=[replace(figure, period_start=start) for start in starts], at=noon)
    everything = Measured(indicators=[indicator], period_kinds=[PeriodKind.MONTH])

    assert restate_measurements(figures=[], measured=everything, at=noon).figures == len(starts)
    assert list(stated().values()) == [(None, 0, {})] * len(starts)


def test_no_cases_are_no_news_where_nothing_was_stated(figure, measured, noon):
    empty = replace(figure, value=None, n=0, low=None, high=None)

    assert restate_measurements(figures=[empty], measured=measured, at=noon) == Restated(0, 0)
    assert not Measurement.objects.exists()

    restate_measurements(figures=[figure], at=noon)
    assert restate_measurements(figures=[empty], measured=measured, at=noon).figures == 1


def test_an_indicator_that_no_scheme_weighs_makes_no_records(figure, indicator, noon):
    SchemeItem.objects.filter(indicator=indicator).delete()
    SchemeItem.objects.filter(indicator__slug="triage_accuracy").update(weight=30)

    assert restate_measurements(figures=[figure], at=noon) == Restated(figures=1, records=0)
    assert not EvaluationRecord.objects.exists()


def test_many_figures_take_as_many_statements_as_one(
    figure, measured, organisation, noon, django_assert_max_num_queries
):
    months = [date(2026, month, 1) for month in range(1, 12)]
    teams = [Subject.team(team.pk) for team in (organisation.east_1, organisation.west_1)]
    figures = [replace(figure, subject=team, period_start=month) for team in teams for month in months]

    with django_assert_max_num_queries(15):
        restated = restate_measurements(figures=figures, measured=measured, at=noon)

    assert restated == Restated(len(figures), len(figures))
