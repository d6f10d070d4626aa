"""Normalising, weighing and grading, with the handbook's figures and the oracle's cases."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from feedback_site.evaluations.rules import (
    LineFigures,
    Visibility,
    outcome_of,
    score_of,
    visibility_of,
    weights_add_up,
)
from feedback_site.evaluations.rules.after_sales import INDICATORS

RUBRIC = next(row["rubric"] for row in INDICATORS if row["slug"] == "first_response_time")
ORACLE = Path(__file__).parents[2] / "statistics" / "oracles" / "dev_policy_weighted_score.json"


def lines(*scores, n=100):
    """Weights and scores as lines of `n` cases."""
    return [
        LineFigures(Decimal(str(weight)), n, None if score is None else Decimal(str(score)))
        for weight, score in scores
    ]


def graded(score: str) -> tuple[Decimal | None, str]:
    outcome = outcome_of(lines((100, score)), least_weight_covered=Decimal(80))
    return outcome.score, outcome.grade


@pytest.mark.parametrize(
    ("hours", "score"),
    [
        ("0", 100),
        ("1", 100),
        ("1.0001", 80),
        ("1.5", 80),
        ("1.6", 60),
        ("2", 60),
        ("2.5", 40),
        ("3", 40),
        ("3.0001", 20),
        ("99", 20),
    ],
)
def test_a_timed_indicator_earns_its_rubrics_points(hours, score):
    assert score_of(unit="hours", direction="lower", rubric=RUBRIC, value=Decimal(hours)) == score


def test_a_rubric_without_an_end_is_an_error():
    with pytest.raises(ValueError, match="last limit must be null"):
        score_of(unit="hours", direction="lower", rubric=[[1, 5]], value=Decimal(2))


@pytest.mark.parametrize(
    ("unit", "direction", "value", "score"),
    [
        ("rating", "higher", "4.5", "90"),
        ("rating", "higher", "4.3333", "86.666"),
        ("percent", "higher", "93", "93"),
        ("percent", "lower", "5", "95"),
    ],
)
def test_ratings_and_rates_become_scores_of_100(unit, direction, value, score):
    assert score_of(unit=unit, direction=direction, rubric=[], value=Decimal(value)) == Decimal(score)


@pytest.mark.parametrize(
    ("score", "shown", "grade"),
    [
        ("100", "100.0", "excellent"),
        ("89.95", "90.0", "excellent"),
        ("89.949", "89.9", "good"),
        ("80", "80.0", "good"),
        ("79.95", "80.0", "good"),
        ("79.94", "79.9", "qualified"),
        ("70", "70.0", "qualified"),
        ("69.94", "69.9", "to_improve"),
        ("60", "60.0", "to_improve"),
        ("59.94", "59.9", "unqualified"),
        ("0", "0.0", "unqualified"),
    ],
)
def test_the_grade_is_that_of_the_displayed_score(score, shown, grade):
    assert graded(score) == (Decimal(shown), grade)


@pytest.mark.parametrize("case", json.loads(ORACLE.read_text())["cases"], ids=lambda case: case["id"])
def test_the_oracles_cases_come_out(case):
    given, expected = case["inputs"]["items"], case["expected"]

    outcome = outcome_of(
        lines(*((item["weight"], item["score100"]) for item in given)), least_weight_covered=Decimal(80)
    )

    assert outcome.score is not None
    assert abs(outcome.score - Decimal(str(expected["score"]))) <= Decimal("0.05")
    assert (outcome.grade or None, float(outcome.weight_covered)) == (
        expected["grade"],
        expected["weight_covered_pct"],
    )


def test_a_grade_needs_enough_weight_on_thirty_cases():
    few, many = lines((21, 90), n=29), lines((79, 90))

    outcome = outcome_of(few + many, least_weight_covered=Decimal(80))

    assert (outcome.score, outcome.grade, outcome.weight_covered, outcome.weight_firm) == (90, "", 100, 79)


def test_the_scheme_says_how_much_weight_is_enough():
    outcome = outcome_of(lines((60, 90), (40, None)), least_weight_covered=Decimal(60))

    assert (outcome.grade, outcome.weight_covered) == ("excellent", 60)


def test_weights_must_make_a_whole():
    assert weights_add_up([Decimal("33.33"), Decimal("33.33"), Decimal("33.34")])
    assert not weights_add_up([Decimal("33.33"), Decimal("33.33"), Decimal("33.33")])
    with pytest.raises(ValueError, match="must add up to 100"):
        outcome_of(lines((99, 90)), least_weight_covered=Decimal(80))


@pytest.mark.parametrize(
    ("n", "shown"),
    [
        (0, "nothing"),
        (4, "nothing"),
        (5, "count"),
        (9, "count"),
        (10, "greyed"),
        (29, "greyed"),
        (30, "full"),
    ],
)
def test_few_cases_show_little(n, shown):
    assert visibility_of(n) == Visibility(shown)
