"""Stating what was measured."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from feedback_site.common.exceptions import DomainError
from feedback_site.evaluations.enums import MeasurementSource, PeriodKind
from feedback_site.evaluations.models import Indicator, Measurement
from feedback_site.evaluations.rules import Subject
from feedback_site.evaluations.services import record_measurement
from tests.factories.evaluations.fixtures import NOVEMBER


@pytest.fixture
def state(scheme, organisation, noon):
    def state(*, slug="customer_satisfaction", **changes):
        facts = {
            "indicator": Indicator.objects.get(slug=slug),
            "subject": Subject.team(organisation.east_1.pk),
            "period_kind": PeriodKind.MONTH,
            "period_start": NOVEMBER,
            "value": Decimal("4.2"),
            "n": 40,
            "source": MeasurementSource.SURVEY,
            "at": noon,
        }
        return record_measurement(**(facts | changes))

    return state


def test_stating_again_replaces_the_figures_of_the_same_measurement(state, noon):
    first = state(low=4, high=4.4, evidence={"counts": [1, 2]})

    second = state(value=4.33335, n=41, at=noon + timedelta(minutes=1))

    row = Measurement.objects.get()
    assert first.pk == second.pk == row.pk
    assert (row.value, row.n, row.low, row.high, row.evidence) == (Decimal("4.3334"), 41, None, None, {})
    assert row.measured_at == noon + timedelta(minutes=1)


def test_no_cases_are_stated_without_a_value(state):
    row = state(value=None, n=0)

    assert (row.value, row.n) == (None, 0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"value": None}, "a sample size needs a figure"),
        ({"n": 0}, "A figure needs a sample size"),
        ({"low": 4}, "both its ends"),
        ({"value": None, "n": 0, "low": 4, "high": 5}, "no interval"),
        ({"value": 5.1}, "between 1 and 5"),
        ({"value": 0.9}, "between 1 and 5"),
        ({"slug": "triage_accuracy", "value": 100.1}, "between 0 and 100"),
        ({"slug": "first_response_time", "value": -1}, "between 0 and 1000000"),
        ({"low": 4.3, "high": 4.5}, "hold the value"),
        ({"period_start": date(2026, 11, 2)}, "on its first day"),
        ({"period_kind": PeriodKind.QUARTER}, "on its first day"),
        ({"period_kind": PeriodKind.YEAR, "period_start": date(2026, 10, 1)}, "on its first day"),
    ],
)
def test_contradicting_figures_are_refused(state, changes, sentence):
    with pytest.raises(DomainError, match=sentence):
        state(**changes)

    assert not Measurement.objects.exists()


@pytest.mark.parametrize(("kind", "start"), [("quarter", date(2026, 10, 1)), ("year", date(2026, 1, 1))])
def test_quarters_and_years_start_on_their_first_day(state, kind, start):
    assert state(period_kind=kind, period_start=start).period_start == start
