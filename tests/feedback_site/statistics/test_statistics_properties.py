"""What must hold for any input, found by trying many."""

import math

import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from feedback_site.statistics import (
    comparisons,
    drivers,
    net_promoter,
    proportions,
    ratings,
    sampling,
    scoring,
    shrinkage,
    weighting,
)

counts_of_eleven = st.lists(st.integers(0, 60), min_size=11, max_size=11)
counts_of_five = st.lists(st.integers(0, 60), min_size=5, max_size=5)
trials = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(trials, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_intervals_of_a_share_stay_possible_and_hold_the_share(
    hits_of_n: tuple[int, int], confidence: float
) -> None:
    hits, n = hits_of_n

    for interval in (
        proportions.wilson_interval(hits, n, confidence),
        proportions.clopper_pearson_interval(hits, n, confidence),
    ):
        assert 0 <= interval.low <= interval.high <= 1
        assert hits / n in interval


@given(trials)
def test_more_answers_with_the_same_share_narrow_the_interval(hits_of_n: tuple[int, int]) -> None:
    hits, n = hits_of_n

    few, many = proportions.wilson_interval(hits, n), proportions.wilson_interval(4 * hits, 4 * n)

    assert many.high - many.low < few.high - few.low


@given(counts_of_five)
def test_the_mean_lies_on_the_scale_and_inside_its_interval(counts: list[int]) -> None:
    result = ratings.mean_rating(counts)

    assert (result.mean is None) == (sum(counts) == 0)
    assert (result.interval is None) == (sum(counts) < 2)
    if result.mean is not None:
        assert 1 <= result.mean <= 5
    if result.mean is not None and result.interval is not None:
        assert result.mean in result.interval


@given(counts_of_eleven)
def test_the_score_turns_its_sign_with_promoters_and_detractors_swapped(counts: list[int]) -> None:
    promoters, passives, detractors = net_promoter.split_counts(counts)
    assume(sum(counts) > 0)

    straight = net_promoter.tango_interval(promoters, detractors, sum(counts))
    turned = net_promoter.tango_interval(detractors, promoters, sum(counts))

    assert -100 <= straight.low <= 100 * (promoters - detractors) / sum(counts) <= straight.high <= 100
    assert straight.low == pytest.approx(-turned.high, abs=1e-9)
    assert promoters + passives + detractors == sum(counts)


@given(counts_of_eleven)
def test_the_adjusted_interval_stays_possible_and_never_claims_certainty(counts: list[int]) -> None:
    result = net_promoter.net_promoter_score(counts)

    if result.adjusted is None:
        assert result.n == 0
    else:
        assert -100 <= result.adjusted.low < result.adjusted.high <= 100


@given(st.lists(st.tuples(st.integers(0, 900), st.floats(0, 5)), min_size=1, max_size=6), st.integers(0, 800))
def test_an_allocation_never_asks_a_stratum_for_more_than_it_has(
    strata: list[tuple[int, float]], n: int
) -> None:
    populations, deviations = [size for size, _ in strata], [spread for _, spread in strata]

    allocation = sampling.neyman_allocation(populations, deviations, n)

    assume(allocation is not None)
    assert allocation is not None
    rounded = sampling.round_allocation(allocation)
    assert all(0 <= got <= size for got, size in zip(rounded, populations, strict=True))
    assert sum(rounded) == round(sum(allocation)) <= n


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=30), st.floats(1.2, 5))
def test_trimming_keeps_the_sum_and_the_bounds_and_lowers_the_design_effect(
    weights: list[float], factor: float
) -> None:
    upper = factor * sum(weights) / len(weights)

    trimmed = weighting.trim_weights(weights, upper)

    assert sum(trimmed) == pytest.approx(sum(weights), rel=1e-9)
    assert max(trimmed) <= upper
    assert weighting.design_effect(trimmed).deff <= weighting.design_effect(weights).deff + 1e-9


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=30), st.floats(0.01, 50))
def test_the_design_effect_knows_no_scale_and_is_at_least_one(weights: list[float], scale: float) -> None:
    effect = weighting.design_effect(weights)

    assert effect.deff >= 1 - 1e-12
    assert effect.deff == pytest.approx(
        weighting.design_effect([scale * weight for weight in weights]).deff, rel=1e-9
    )


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_adjusted_p_values_keep_their_order_and_never_fall(p_values: list[float]) -> None:
    result = comparisons.adjust_p_values(p_values)

    for adjusted in (result.holm, result.benjamini_hochberg, result.bonferroni):
        assert all(p <= q <= 1 for p, q in zip(p_values, adjusted, strict=True))
    assert all(h <= b for h, b in zip(result.holm, result.bonferroni, strict=True))


@given(st.lists(st.tuples(st.floats(1, 5), st.floats(0.001, 1)), min_size=1, max_size=8))
def test_a_shrunken_score_lies_between_its_own_and_the_mean(teams: list[tuple[float, float]]) -> None:
    scores = [score for score, _ in teams]

    result = shrinkage.shrink_scores(scores, [variance for _, variance in teams])

    for score, shrunken in zip(scores, result.shrunken, strict=True):
        low, high = sorted([score, result.grand_mean])
        assert low - 1e-9 <= shrunken <= high + 1e-9


@given(st.lists(st.tuples(*[st.integers(1, 5)] * 4), min_size=8, max_size=25))
def test_driver_shares_add_up_to_what_they_explain(rows: list[tuple[int, ...]]) -> None:
    columns = list(zip(*rows, strict=True))
    assume(all(len(set(column)) > 1 for column in columns))

    try:
        result = drivers.key_drivers(columns[0], dict(zip("abc", columns[1:], strict=True)))
    except ValueError:
        reject()

    assert sum(result.lmg.values()) == pytest.approx(result.r_squared, abs=1e-9)
    assert sum(result.relative_weights.values()) == pytest.approx(result.r_squared, abs=1e-6)
    assert min(result.lmg.values()) >= -1e-9


@given(st.floats(0, 100))
def test_number_and_grade_never_disagree(score: float) -> None:
    assert scoring.grade(score) == scoring.grade(float(scoring.displayed_score(score)))


@given(st.lists(st.floats(0, 100), min_size=2, max_size=6))
def test_a_composite_lies_between_its_worst_and_best_item(scores: list[float]) -> None:
    items = [scoring.ScoreItem(100 / len(scores), score) for score in scores]

    result = scoring.weighted_score(items)

    assert result.score is not None
    assert math.floor(min(scores)) <= result.score + 1e-9
    assert result.score <= max(scores) + 1e-9
