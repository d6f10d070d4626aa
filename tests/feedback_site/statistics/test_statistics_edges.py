"""Too little, nothing, all alike, impossible: what each function says then."""

import math
import subprocess
import sys

import pytest

from feedback_site.statistics import (
    comparisons,
    control_charts,
    drivers,
    estimation,
    net_promoter,
    propensity,
    proportions,
    ratings,
    reliability,
    representativeness,
    response_rates,
    sample_size,
    sampling,
    scoring,
    series,
    shrinkage,
    weighting,
)


def test_the_package_works_without_django() -> None:
    code = (
        "import sys; from feedback_site.statistics import propensity, estimation, comparisons, scoring; "
        "raise SystemExit('django' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_answers_everything_is_unknown_rather_than_zero() -> None:
    assert proportions.satisfied_share([0] * 5).share is None
    assert ratings.mean_rating([0] * 5).mean is None
    assert ratings.effort_score([0] * 7).easy_share is None
    assert net_promoter.net_promoter_score([0] * 11).nps is None
    assert net_promoter.compare_periods([0] * 11, [1] * 11).difference is None
    assert comparisons.compare_shares(0, 0, 3, 4).difference is None
    assert (
        sampling.check_sample(
            customers=0, sample=0, complainants=0, sampled_complainants=0, segments={}
        ).size_share
        is None
    )
    assert response_rates.outcome_rates(response_rates.Dispositions()).rr1 is None


@pytest.mark.parametrize("counts", [[-1, 0, 0, 0, 2], [math.nan, 0, 0, 0, 1], [0.5, 0, 0, 0, 1]])
def test_impossible_counts_are_refused(counts: list[int]) -> None:
    with pytest.raises(ValueError, match="counts"):
        ratings.mean_rating(counts)
    with pytest.raises(ValueError, match="counts"):
        proportions.satisfied_share(counts)


def test_an_interval_without_trials_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one answer"):
        proportions.wilson_interval(0, 0)
    with pytest.raises(ValueError, match="must not exceed"):
        proportions.wilson_interval(6, 5)


def test_two_periods_without_variation_have_no_test() -> None:
    everybody = [0] * 10 + [8]

    change = net_promoter.compare_periods(everybody, everybody)

    assert (change.difference, change.z, change.p_value, change.significant) == (0.0, None, None, None)


def test_the_bootstrap_limit_is_continuous_where_its_method_changes() -> None:
    exact = net_promoter.bootstrap_interval(825, 210, 1500)
    limit = net_promoter.bootstrap_interval(826, 210, 1501)

    assert exact.low == pytest.approx(limit.low, abs=0.2)
    assert exact.high == pytest.approx(limit.high, abs=0.2)


def test_a_sample_size_never_exceeds_its_population() -> None:
    assert sample_size.size_for_share(0.05, population=1).n_required == 1
    assert sample_size.size_for_share(0.05, population=0).n_required == 0
    assert sample_size.size_for_share(0.05, p=0.0).n_required == 0


def test_no_change_needs_no_finite_sample() -> None:
    assert sample_size.size_for_net_promoter_change((0.5, 0.2), (0.5, 0.2)).n_per_period is None


def test_no_answers_cannot_be_made_up_by_inviting_more() -> None:
    volume = sample_size.invitation_volume(100, 0.0, contactable=500)

    assert (volume.invitations, volume.feasible, volume.expected_completes_if_all_invited) == (
        None,
        False,
        0.0,
    )


def test_a_full_stratum_hands_its_surplus_to_the_others() -> None:
    allocation = sampling.neyman_allocation([10, 500, 490], [20, 1, 1], 150)

    assert allocation is not None
    assert allocation == pytest.approx([10, 140 * 500 / 990, 140 * 490 / 990])


def test_asking_for_more_than_everybody_gets_everybody() -> None:
    assert sampling.neyman_allocation([10, 20], [1.0, 2.0], 100) == [10.0, 20.0]


def test_nothing_varying_leaves_neyman_undefined() -> None:
    assert sampling.neyman_allocation([10, 20], [0.0, 0.0], 5) is None


def test_a_stratum_without_answers_leaves_the_estimate_unknown() -> None:
    strata = [estimation.satisfied_stratum(100, [0, 0, 1, 2, 3]), estimation.satisfied_stratum(50, [0] * 5)]

    result = estimation.stratified_estimate(strata)

    assert (result.weighted, result.se, result.interval) == (None, None, None)
    assert result.unweighted == pytest.approx(500 / 6)


def test_a_single_answer_leaves_the_error_unknown_unless_it_was_everybody() -> None:
    others = estimation.satisfied_stratum(100, [0, 0, 1, 2, 3])

    one_of_ten = estimation.stratified_estimate([others, estimation.satisfied_stratum(10, [0, 0, 0, 0, 1])])
    one_of_one = estimation.stratified_estimate([others, estimation.satisfied_stratum(1, [0, 0, 0, 0, 1])])

    assert one_of_ten.weighted is not None
    assert one_of_ten.se is None
    assert one_of_one.se is not None
    assert one_of_one.se_without_correction is None


def test_more_answers_than_people_are_refused() -> None:
    with pytest.raises(ValueError, match="more answers than people"):
        estimation.stratified_estimate([estimation.satisfied_stratum(2, [0, 0, 0, 0, 3])])


def test_a_group_without_answers_leaves_the_poststratified_mean_unknown() -> None:
    groups = [estimation.PostStratum(5, 4.0, 1.0, 100), estimation.PostStratum(0, None, None, 20)]

    assert estimation.poststratified_mean(groups) == estimation.PoststratifiedMean(
        unweighted=4.0, mean=None, se=None
    )


def test_raking_refuses_what_no_weights_can_fit() -> None:
    cells = [weighting.RakingCell({"a": "x"}, 3), weighting.RakingCell({"a": "y"}, 0)]

    with pytest.raises(ValueError, match="no answers in a: y"):
        weighting.rake(cells, {"a": {"x": 5, "y": 5}})
    with pytest.raises(ValueError, match="same total"):
        weighting.rake([weighting.RakingCell({"a": "x", "b": "p"}, 3)], {"a": {"x": 5}, "b": {"p": 6}})


def test_raking_gives_up_where_empty_cells_rule_out_every_fit() -> None:
    cells = [weighting.RakingCell({"a": "x", "b": "p"}, 10), weighting.RakingCell({"a": "y", "b": "q"}, 5)]

    with pytest.raises(ValueError, match="did not converge"):
        weighting.rake(cells, {"a": {"x": 60, "y": 40}, "b": {"p": 50, "q": 50}})


def test_trimming_refuses_bounds_that_cannot_keep_the_sum() -> None:
    with pytest.raises(ValueError, match="too large"):
        weighting.trim_weights([1, 1, 10], upper=2)
    assert weighting.trim_weights([1, 9], upper=6, lower=2) == pytest.approx([4, 6])


@pytest.mark.parametrize("weights", [[], [0.0, 0.0], [1.0, -1.0], [math.nan]])
def test_impossible_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        weighting.design_effect(weights)


def test_rates_without_known_cases_depend_on_a_given_e() -> None:
    silent = response_rates.outcome_rates(response_rates.Dispositions(unknown_other=9))

    assert (silent.rr1, silent.rr3, silent.rr5, silent.e) == (0.0, None, None, None)


def test_the_best_attempt_decides_the_disposition() -> None:
    bounced = response_rates.InvitationFacts(hard_bounce=True)
    answered = response_rates.InvitationFacts(delivered=True, answered_share=0.8, submitted=True)

    assert response_rates.final_disposition([bounced, answered]).code == "1.1"


@pytest.mark.parametrize(
    ("facts", "disposition"),
    [
        (response_rates.InvitationFacts(answered_share=0.9), "P"),
        (response_rates.InvitationFacts(answered_share=0.5), "P"),
        (response_rates.InvitationFacts(answered_share=0.1, submitted=True, key_question_answered=True), "I"),
        (response_rates.InvitationFacts(answered_share=0.6, screened_out=True), "NE"),
        (response_rates.InvitationFacts(answered_share=0.8, submitted=True, screened_out=True), "I"),
        (response_rates.InvitationFacts(answered_share=0.6, explicit_refusal=True), "P"),
        (response_rates.InvitationFacts(page_opened=True, eligibility_known=True), "R"),
    ],
)
def test_dispositions_at_the_cut_points(facts: response_rates.InvitationFacts, disposition: str) -> None:
    assert response_rates.final_disposition([facts]).disposition == disposition


def test_people_outside_the_population_leave_chi_square_undefined() -> None:
    result = representativeness.compare_composition(
        {"a": representativeness.CategoryCount(5, 100), "b": representativeness.CategoryCount(2, 0)}
    )

    assert (result.chi2, result.p_value, result.categories["b"].ratio) == (None, None, None)


def test_a_category_without_answers_has_propensity_zero() -> None:
    cells = [
        propensity.PropensityCell({"a": a, "b": b}, n, r)
        for a, b, n, r in [("x", "p", 50, 0), ("x", "q", 50, 0), ("y", "p", 40, 20), ("y", "q", 60, 15)]
    ]

    fitted = propensity.fit_propensities(["a", "b"], cells)

    assert fitted == pytest.approx([0.0, 0.0, 0.5, 0.25], abs=1e-6)


def test_no_answers_leave_the_bias_bound_unknown() -> None:
    cells = [propensity.PropensityCell({"a": a, "b": "p"}, 10, 0) for a in "xy"]

    result = propensity.response_indicator(["a", "b"], cells)

    assert result.cv is None
    assert result.r == pytest.approx(1.0, abs=1e-6)


def test_variables_that_say_the_same_change_nothing() -> None:
    cells = [propensity.PropensityCell({"a": k, "b": k}, n, r) for k, n, r in [("x", 50, 10), ("y", 50, 30)]]

    result = propensity.response_indicator(["a", "b"], cells)

    assert list(result.propensities) == pytest.approx([0.2, 0.6])
    assert result.conditional == pytest.approx({"a": 0.0, "b": 0.0}, abs=1e-9)


def test_one_group_has_no_gap_to_test() -> None:
    result = comparisons.group_gap({"web": [0, 0, 1, 2, 3], "phone": [0] * 5}, 0.5)

    assert (result.gap, result.welch, result.anova, result.welch_anova) == (0.0, None, None, None)
    assert result.means["phone"] is None


def test_a_gap_equal_to_the_threshold_meets_it() -> None:
    assert comparisons.group_gap({"a": [0, 0, 0, 7, 3], "b": [0, 0, 2, 8, 0]}, 0.5).exceeds_threshold is False


def test_a_period_without_answers_gives_no_signal() -> None:
    chart = control_charts.proportion_chart([9, 0, 1], [10, 0, 10], 1)

    assert chart.lower[1] is None
    assert chart.signals == (3,)


def test_drivers_that_repeat_one_another_are_refused() -> None:
    with pytest.raises(ValueError, match="repeat"):
        drivers.key_drivers([1, 2, 3, 5], {"a": [1, 2, 3, 4], "b": [2, 4, 6, 8]})
    with pytest.raises(ValueError, match="vary"):
        drivers.key_drivers([3, 3, 3, 3], {"a": [1, 2, 3, 4]})


def test_alpha_needs_two_items_two_people_and_variation() -> None:
    assert reliability.cronbach_alpha([[4], [5]]).alpha is None
    assert reliability.cronbach_alpha([[4, 5]]).alpha is None
    assert reliability.cronbach_alpha([[4, 5], [4, 5]]).alpha is None
    assert reliability.cronbach_alpha([[4, None], [4, 5], [3, 4]]).n == 2


def test_equal_scores_shrink_to_themselves() -> None:
    assert shrinkage.james_stein([80, 80, 80, 80], 9.0).shrunken == (80, 80, 80, 80)
    assert shrinkage.shrink_scores([4.5], [0.1]).shrunken == (4.5,)
    with pytest.raises(ValueError, match="variances"):
        shrinkage.shrink_scores([4.5, 4.0], [0.1, 0.0])


def test_seasons_need_two_cycles() -> None:
    assert series.decompose([1, 2, 3, 4, 5], 4).effects == (None,) * 4
    assert series.decompose([1, 2, 3, 1, 2, 3], 3).effects == pytest.approx((-1, 0, 1))


@pytest.mark.parametrize("weights", [[50, 40], [120, -20], []])
def test_weights_that_do_not_add_up_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        scoring.weighted_score([scoring.ScoreItem(weight, 90) for weight in weights])


def test_exactly_eighty_percent_of_the_weight_is_graded() -> None:
    result = scoring.weighted_score([scoring.ScoreItem(80, 95), scoring.ScoreItem(20, None)])

    assert (result.grade, result.complete) == (scoring.ScoreGrade.EXCELLENT, False)


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        (89.95, "excellent"),
        (89.94, "good"),
        (79.95, "good"),
        (70, "qualified"),
        (60, "to_improve"),
        (59.9, "unqualified"),
    ],
)
def test_grades_follow_the_displayed_score(score: float, grade: str) -> None:
    assert scoring.grade(score) == grade
