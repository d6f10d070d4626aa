"""Adapters for comparisons between groups, key drivers and shrinkage."""

from typing import Any

from feedback_site.statistics import comparisons, drivers, shrinkage
from tests.factories.statistics.quantities.values import Adapter, Inputs, bounds, percent


def share_difference(inputs: Inputs) -> dict[str, Any]:
    result = comparisons.compare_shares(
        inputs["satisfied1"], inputs["n1"], inputs["satisfied2"], inputs["n2"], inputs.get("confidence", 0.95)
    )
    return {
        "diff_points": percent(result.difference),
        "relative_diff_pct": percent(result.relative),
        "z": result.z,
        "p_value": result.p_value,
        "newcombe_ci_points": bounds(result.interval, 100),
    }


def group_gap(inputs: Inputs) -> dict[str, Any]:
    result = comparisons.group_gap(inputs["groups_counts_1_to_5"], inputs["threshold"])
    welch, anova, welch_anova = result.welch, result.anova, result.welch_anova
    return {
        "means": dict(result.means),
        "highest": result.highest,
        "lowest": result.lowest,
        "gap": result.gap,
        "exceeds_threshold": result.exceeds_threshold,
        "welch_t": None if welch is None else welch.t,
        "welch_df": None if welch is None else welch.degrees,
        "welch_p": None if welch is None else welch.p_value,
        "gap_ci": None if welch is None else bounds(welch.interval),
        "anova_F": None if anova is None else anova.f,
        "anova_p": None if anova is None else anova.p_value,
        "welch_anova_F": None if welch_anova is None else welch_anova.f,
        "welch_anova_p": None if welch_anova is None else welch_anova.p_value,
    }


def adjusted_p_values(inputs: Inputs) -> dict[str, Any]:
    result = comparisons.adjust_p_values(inputs["p"], inputs.get("alpha", 0.05))
    return {
        "holm": list(result.holm),
        "benjamini_hochberg": list(result.benjamini_hochberg),
        "bonferroni": list(result.bonferroni),
        "reject_holm": list(result.rejected_by_holm),
    }


def key_drivers(inputs: Inputs) -> dict[str, Any]:
    columns = inputs["columns"]
    result = drivers.key_drivers(
        columns[inputs["outcome"]], {name: columns[name] for name in inputs["drivers"]}
    )
    return {
        "R2": result.r_squared,
        "shapley_lmg": dict(result.lmg),
        "relative_weights": dict(result.relative_weights),
        "standardised_beta": dict(result.standardised_beta),
    }


def james_stein(inputs: Inputs) -> dict[str, Any]:
    result = shrinkage.james_stein(inputs["y"], inputs["common_variance"])
    return {
        "grand_mean": result.grand_mean,
        "shrink_factor": result.factor,
        "shrunken": list(result.shrunken),
    }


def team_shrinkage(inputs: Inputs) -> dict[str, Any]:
    result = shrinkage.shrink_scores(inputs["mean"], inputs["sampling_variance"])
    return {
        "grand_mean": result.grand_mean,
        "tau2": result.tau2,
        "Q": result.q,
        "Q_p": result.q_p_value,
        "I2": result.i2,
        "shrunken": list(result.shrunken),
        "weight_on_own_data": list(result.own_weights),
    }


QUANTITIES: dict[str, Adapter] = {
    "Adjusted p-values": adjusted_p_values,
    "Channel / team gap": group_gap,
    "Difference of two satisfied shares": share_difference,
    "James-Stein shrinkage": james_stein,
    "Key-driver analysis": key_drivers,
    "Shrunken team scores": team_shrinkage,
}
