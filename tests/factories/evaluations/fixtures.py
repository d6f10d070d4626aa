"""Measured teams: the six indicators of east-1 in November 2026."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from feedback_site.evaluations.enums import MeasurementSource, PeriodKind
from feedback_site.evaluations.models import EvaluationScheme, Indicator
from feedback_site.evaluations.services import load_after_sales_scheme, record_measurement

NOVEMBER = date(2026, 11, 1)

# Scores by the template: 1.2 h -> 4 points -> 80; 93; 88; 86; 4.5 of 5 -> 90; 97.
MEASURED = {
    "first_response_time": (Decimal("1.2"), 120),
    "phone_answer_rate": (Decimal(93), 400),
    "triage_accuracy": (Decimal(88), 50),
    "resolution_rate": (Decimal(86), 120),
    "customer_satisfaction": (Decimal("4.5"), 60),
    "standard_procedure": (Decimal(97), 50),
}
WEIGHTED_SCORE = Decimal("87.7")  # (80*25 + 93*15 + 88*10 + 86*20 + 90*20 + 97*10) / 100 = 87.65, half up


@pytest.fixture(autouse=True)
def _english():
    """Sentences are compared in the source language."""
    with translation.override("en"):
        yield


@pytest.fixture
def scheme(db) -> EvaluationScheme:
    return load_after_sales_scheme()


@pytest.fixture
def measure(scheme, noon):
    """Measure some or all indicators of a team in a month; `n` replaces the cases of every one."""

    def measure(team, *, slugs=tuple(MEASURED), n=None, month=NOVEMBER, **values):
        for slug in slugs:
            value, cases = MEASURED[slug]
            record_measurement(
                indicator=Indicator.objects.get(slug=slug),
                team=team,
                period_kind=PeriodKind.MONTH,
                period_start=month,
                value=values.get(slug, value),
                n=cases if n is None else n,
                source=MeasurementSource.SPOT_CHECK,
                at=noon,
            )

    return measure
