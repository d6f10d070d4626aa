"""Measured teams: the six indicators of east-1 in November 2026."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from feedback_site.accounts.models import Team
from feedback_site.evaluations.enums import MeasurementSource, PeriodKind
from feedback_site.evaluations.models import EvaluationRecord, EvaluationScheme, Indicator
from feedback_site.evaluations.rules import Subject, period_start
from feedback_site.evaluations.services import load_after_sales_scheme, record_measurement, refresh_records

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


def current_record(
    scheme: EvaluationScheme,
    team: Team,
    *,
    at: datetime,
    month: date = NOVEMBER,
    period_kind: str = PeriodKind.MONTH,
) -> EvaluationRecord:
    """Calculate a team's records as measurements do and return the newest of one scheme."""
    refresh_records(team_ids=[team.pk], month=month, at=at, period_kind=period_kind)
    start = period_start(period_kind, month)
    revisions = EvaluationRecord.objects.filter(scheme=scheme, team=team, period_kind=period_kind)
    return revisions.filter(period_start=start).latest("revision")


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
                subject=Subject.team(team.pk),
                period_kind=PeriodKind.MONTH,
                period_start=month,
                value=values.get(slug, value),
                n=cases if n is None else n,
                source=MeasurementSource.SPOT_CHECK,
                at=noon,
            )

    return measure
