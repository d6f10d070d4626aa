from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from feedback_site.evaluations.templatetags.figures import figure, interval, limit, period


@pytest.mark.parametrize(
    ("value", "shown"), [("34", "+34.0"), ("-12.25", "−12.3"), ("0", "0.0"), ("-0.04", "0.0"), (None, "–")]
)
def test_a_net_promoter_score_has_its_sign(value, shown):
    assert figure(None if value is None else Decimal(value), "points") == shown


def test_limits_and_intervals_of_points_have_their_signs_too():
    assert limit(Decimal("20.000"), "points") == "+20"
    assert interval(Decimal(-5), Decimal("12.34"), "points") == "−5.0 to +12.3"
    assert interval(Decimal(80), Decimal("92.34"), "percent") == "80.0–92.3%"


@pytest.mark.parametrize(
    ("kind", "start", "english"),
    [
        ("month", date(2026, 9, 1), "September 2026"),
        ("quarter", date(2026, 7, 1), "2026 Q3"),
        ("quarter", date(2026, 10, 1), "2026 Q4"),
        ("year", date(2026, 1, 1), "2026"),
    ],
)
def test_a_period_is_written_as_people_write_it(kind, start, english):
    with translation.override("en"):
        assert period(kind, start) == english
