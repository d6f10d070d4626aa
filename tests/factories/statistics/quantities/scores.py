"""Adapters for indicators of one period, their change, their charts and the composite."""

from typing import Any

from feedback_site.statistics import (
    control_charts,
    net_promoter,
    proportions,
    ratings,
    reliability,
    scoring,
    series,
)
from tests.factories.statistics.quantities.values import Adapter, Inputs, bounds, percent


def satisfied_share(inputs: Inputs) -> dict[str, Any]:
    result = proportions.satisfied_share(inputs["counts_1_to_5"], inputs.get("confidence", 0.95))
    return {
        "n": result.n,
        "satisfied": result.satisfied,
        "share_pct": percent(result.share),
        "wilson_pct": bounds(result.wilson, 100),
        "clopper_pearson_pct": bounds(result.clopper_pearson, 100),
        "dissatisfied_share_pct": percent(result.dissatisfied_share),
    }


def mean_rating(inputs: Inputs) -> dict[str, Any]:
    result = ratings.mean_rating(inputs["counts_1_to_5"], inputs.get("confidence", 0.95))
    return {
        "n": result.n,
        "mean": result.mean,
        "sd": result.sd,
        "se": result.se,
        "t_ci": bounds(result.interval),
        "score100_ratio": result.score100_by_ratio,
        "score100_range": result.score100_by_range,
    }


def effort_score(inputs: Inputs) -> dict[str, Any]:
    result = ratings.effort_score(inputs["counts_1_to_7"], inputs.get("confidence", 0.95))
    return {
        "n": result.n,
        "mean": result.mean,
        "easy_share_pct": percent(result.easy_share),
        "wilson_pct": bounds(result.interval, 100),
    }


def net_promoter_score(inputs: Inputs) -> dict[str, Any]:
    confidence = inputs.get("confidence", 0.95)
    result = net_promoter.net_promoter_score(inputs["counts_0_to_10"], confidence)
    split = (result.promoters, result.detractors, result.n, confidence)
    return {
        "n": result.n,
        "promoters": result.promoters,
        "passives": result.passives,
        "detractors": result.detractors,
        "nps": result.nps,
        "variance": result.variance,
        "se_points": result.se,
        "moe_points": result.margin,
        "wald_ci": bounds(result.wald),
        "adjusted_wald_center": result.adjusted_centre,
        "adjusted_wald_ci": bounds(result.adjusted),
        "tango_score_ci": bounds(net_promoter.tango_interval(*split)) if result.n else None,
        "bootstrap_percentile_ci_limit": bounds(net_promoter.bootstrap_interval(*split))
        if result.n
        else None,
    }


def net_promoter_change(inputs: Inputs) -> dict[str, Any]:
    result = net_promoter.compare_periods(
        inputs["earlier_counts_0_to_10"], inputs["later_counts_0_to_10"], inputs.get("confidence", 0.95)
    )
    return {
        "nps_earlier": result.nps_earlier,
        "nps_later": result.nps_later,
        "difference": result.difference,
        "se_points": result.se,
        "z": result.z,
        "p_value": result.p_value,
        "ci": bounds(result.interval),
        "significant": result.significant,
    }


def weighted_score(inputs: Inputs) -> dict[str, Any]:
    items = [scoring.ScoreItem(item["weight"], item["score100"]) for item in inputs["items"]]
    result = scoring.weighted_score(items)
    return {
        "score": result.score,
        "grade": None if result.grade is None else str(result.grade),
        "complete": result.complete,
        "weight_covered_pct": result.weight_covered,
    }


def proportion_chart(inputs: Inputs) -> dict[str, Any]:
    result = control_charts.proportion_chart(inputs["successes"], inputs["n"], inputs.get("baseline_periods"))
    return {
        "center": result.centre,
        "lcl": list(result.lower),
        "ucl": list(result.upper),
        "signals_1based": list(result.signals),
    }


def early_warning(inputs: Inputs) -> dict[str, Any]:
    point = (inputs["x"], inputs["mu0"], inputs["sigma"])
    average = control_charts.moving_average_chart(*point, inputs["lambda"], inputs["L"])
    sums = control_charts.cumulative_sum_chart(*point, inputs["cusum_k"], inputs["cusum_h"])
    return {
        "ewma": list(average.values),
        "ewma_lcl": list(average.lower),
        "ewma_ucl": list(average.upper),
        "ewma_signals_1based": list(average.signals),
        "cusum_pos": list(sums.rising),
        "cusum_neg": list(sums.falling),
        "cusum_signals_1based": list(sums.signals),
    }


def seasonality(inputs: Inputs) -> dict[str, Any]:
    result = series.decompose(inputs["series"], inputs["period"])
    return {
        "year_on_year_change": list(result.year_on_year),
        "seasonal_effects_first_cycle": list(result.effects),
        "trend": list(result.trend),
    }


def cronbach_alpha(inputs: Inputs) -> dict[str, Any]:
    result = reliability.cronbach_alpha(inputs["rows"])
    return {
        "raw_alpha": result.alpha,
        "alpha_if_item_deleted": list(result.alpha_if_deleted),
        "item_rest_correlation": list(result.item_rest_correlations),
    }


def response_quality(inputs: Inputs) -> dict[str, Any]:
    results = [reliability.response_pattern(row) for row in inputs["rows"]]
    return {
        "longstring": [result.longest_run for result in results],
        "average_run": [result.average_run for result in results],
        "irv": [result.variability for result in results],
    }


QUANTITIES: dict[str, Adapter] = {
    "Customer effort score": effort_score,
    "Cronbach's alpha": cronbach_alpha,
    "EWMA and CUSUM early warning": early_warning,
    "Mean rating and conversion to 100": mean_rating,
    "NPS change between two periods": net_promoter_change,
    "NPS, variance and intervals": net_promoter_score,
    "Satisfied share (top-2-box) with interval": satisfied_share,
    "Seasonality": seasonality,
    "Straight-lining indices": response_quality,
    "Weighted score and grade": weighted_score,
    "p-chart of satisfied share": proportion_chart,
}
