"""Adapters for sampling, weighting, response rates and representativeness."""

from typing import Any

from feedback_site.statistics import (
    estimation,
    propensity,
    representativeness,
    response_rates,
    sample_size,
    sampling,
    weighting,
)
from tests.factories.statistics.quantities.values import Adapter, Inputs, bounds, percent


def size_for_share(inputs: Inputs) -> dict[str, Any]:
    result = sample_size.size_for_share(
        inputs["margin"], inputs.get("confidence", 0.95), inputs.get("p", 0.5), inputs.get("population")
    )
    return {"n0": result.n_infinite, "n_exact": result.n_exact, "n_required": result.n_required}


def size_for_net_promoter_score(inputs: Inputs) -> dict[str, Any]:
    if "p1" in inputs:
        change = sample_size.size_for_net_promoter_change(
            (inputs["p1"], inputs["d1"]), (inputs["p2"], inputs["d2"]), inputs["alpha"], inputs["power"]
        )
        return {"difference_points": change.difference, "n_per_period": change.n_per_period}
    shares = (inputs["promoter_share"], inputs["detractor_share"])
    if "n" in inputs:
        return {
            "moe_points": sample_size.margin_of_net_promoter_score(inputs["n"], *shares, inputs["confidence"])
        }
    size = sample_size.size_for_net_promoter_score(
        inputs["moe_points"], *shares, inputs["confidence"], inputs.get("population")
    )
    return {"variance": size.variance, "n0": size.n_infinite, "n_required": size.n_required}


def invitation_volume(inputs: Inputs) -> dict[str, Any]:
    result = sample_size.invitation_volume(
        inputs["completes_needed"],
        inputs["expected_response_rate_among_delivered_eligible"],
        inputs["deliverability"],
        inputs["eligibility"],
        inputs.get("contactable_population"),
    )
    return {
        "invitations": result.invitations,
        "feasible": result.feasible,
        "expected_completes_if_all_invited": result.expected_completes_if_all_invited,
    }


def stratified_allocation(inputs: Inputs) -> dict[str, Any]:
    strata, n = (inputs["N_h"], inputs["S_h"]), inputs["n"]
    proportional = sampling.proportional_allocation(inputs["N_h"], n)
    capped = sampling.neyman_allocation(*strata, n)
    return {
        "proportional": proportional,
        "proportional_int": sampling.round_allocation(proportional),
        "neyman_uncapped": sampling.neyman_allocation(*strata, n, capped=False),
        "neyman_capped": capped,
        "neyman_capped_int": None if capped is None else sampling.round_allocation(capped),
        "se_proportional": sampling.stratified_standard_error(*strata, proportional),
        "se_neyman_capped": None if capped is None else sampling.stratified_standard_error(*strata, capped),
    }


def stratified_estimates(inputs: Inputs) -> dict[str, Any]:
    builders = {"nps": estimation.net_promoter_stratum, "csat": estimation.satisfied_stratum}
    strata = [builders[inputs["kind"]](item["population"], item["counts"]) for item in inputs["strata"]]
    result = estimation.stratified_estimate(strata)
    effect = result.design_effect
    return {
        "unweighted": result.unweighted,
        "weighted": result.weighted,
        "se_with_fpc": result.se,
        "se_without_fpc": result.se_without_correction,
        "ci95_with_fpc": bounds(result.interval),
        "kish_deff": None if effect is None else effect.deff,
        "kish_neff": None if effect is None else effect.effective_n,
    }


def poststratified_mean(inputs: Inputs) -> dict[str, Any]:
    groups = [estimation.PostStratum(g["n"], g["mean"], g["sd"], g["population"]) for g in inputs["groups"]]
    result = estimation.poststratified_mean(groups)
    return {"unweighted_mean": result.unweighted, "poststratified_mean": result.mean, "se": result.se}


def raking(inputs: Inputs) -> dict[str, Any]:
    cells = [
        weighting.RakingCell(
            {name: cell[name] for name in inputs["variables"]},
            cell["n"],
            cell.get("base", 1.0),
            cell.get("y"),
        )
        for cell in inputs["cells"]
    ]
    result = weighting.rake(cells, inputs["margins"])
    return {
        "cell_weights": list(result.weights),
        "sum_weights": result.total,
        "kish_deff": result.design_effect.deff,
        "kish_neff": result.design_effect.effective_n,
        "max_over_mean": result.max_over_mean,
        "weighted_mean": result.weighted_mean,
        "unweighted_mean": result.unweighted_mean,
    }


def weight_trimming(inputs: Inputs) -> dict[str, Any]:
    trimmed = weighting.trim_weights(inputs["weights"], inputs.get("upper"), inputs.get("lower"))
    return {"trimmed": trimmed, "sum": sum(trimmed), "kish_deff": weighting.design_effect(trimmed).deff}


def kish(inputs: Inputs) -> dict[str, Any]:
    result = weighting.design_effect(inputs["weights"])
    return {"deff": result.deff, "neff": result.effective_n, "one_plus_cv2": result.deff}


def response_rates_of(inputs: Inputs) -> dict[str, Any]:
    keys = ("I", "P", "R", "NC", "O", "UH", "UO", "NE")
    cases = response_rates.Dispositions(*(inputs.get(key, 0) for key in keys))
    result = response_rates.outcome_rates(cases, inputs.get("e"))
    names = [name for name in response_rates.OutcomeRates.__slots__ if name != "e"]
    return {"e": result.e} | {name.upper(): getattr(result, name) for name in names}


def dispositions(inputs: Inputs) -> dict[str, Any]:
    facts = dict(inputs["invitation"])
    facts.pop("reason", None)
    renamed = {"screen_out": "screened_out", "key_question": "key_question_answered"}
    result = response_rates.final_disposition(
        [response_rates.InvitationFacts(**{renamed.get(name, name): value for name, value in facts.items()})]
    )
    return {
        "disposition": None if result.disposition is None else str(result.disposition),
        "aapor_code": result.code,
    }


def sample_criteria(inputs: Inputs) -> dict[str, Any]:
    result = sampling.check_sample(
        customers=inputs["customers"],
        sample=inputs["sample"],
        complainants=inputs["recent_complainers"],
        sampled_complainants=inputs["sampled_recent_complainers"],
        segments={name: sampling.SegmentCoverage(**counts) for name, counts in inputs["segments"].items()},
    )
    return {
        "size_share_pct": percent(result.size_share),
        "complainer_share_pct": percent(result.complainant_share),
        "size_ok": result.size_ok,
        "complainer_ok": result.complainant_ok,
        "criterion_met": result.met,
        "uncovered_segments": list(result.uncovered_segments),
        "coverage_ok": result.coverage_ok,
    }


def composition(inputs: Inputs) -> dict[str, Any]:
    result = representativeness.compare_composition(
        {
            c["name"]: representativeness.CategoryCount(c["sample"], c["population"])
            for c in inputs["categories"]
        }
    )
    compared = result.categories.items()
    return {
        "n": result.n,
        "chi2": result.chi2,
        "df": result.degrees,
        "p_value": result.p_value,
        "min_expected": result.min_expected,
        "chi2_valid": result.is_valid,
        "cohen_w": result.cohen_w,
        "dissimilarity_pct": percent(result.dissimilarity),
        "differences_points": {name: percent(item.difference) for name, item in compared},
        "representation_ratio": {name: item.ratio for name, item in compared},
        "std_difference": {name: item.standardised for name, item in compared},
        "uncovered": list(result.uncovered),
    }


def nonresponse_bias(inputs: Inputs) -> dict[str, Any]:
    result = representativeness.nonresponse_bias(
        [
            representativeness.FrameGroup(g["invited"], g["responded"], g["frame_mean"])
            for g in inputs["groups"]
        ]
    )
    return {
        "response_rate": result.response_rate,
        "frame_mean_all_invited": result.mean_invited,
        "frame_mean_respondents": result.mean_respondents,
        "frame_mean_nonrespondents": result.mean_nonrespondents,
        "bias": result.bias,
        "bias_deterministic_form": result.deterministic_form,
        "bias_covariance_form": result.covariance_form,
    }


def r_indicator(inputs: Inputs) -> dict[str, Any]:
    names = inputs["variables"]
    cells = [
        propensity.PropensityCell({name: str(cell[name]) for name in names}, cell["n"], cell["r"])
        for cell in inputs["cells"]
    ]
    result = propensity.response_indicator(names, cells)
    partial = {
        name: {"variable": part.variable, "categories": dict(part.categories)}
        for name, part in result.unconditional.items()
    }
    return {
        "rho_bar": result.mean_propensity,
        "propensities": list(result.propensities),
        "S": result.spread,
        "R": result.r,
        "CV": result.cv,
        "max_bias_standardised": result.cv,
        "partial_unconditional": partial,
        "partial_conditional": dict(result.conditional),
    }


QUANTITIES: dict[str, Adapter] = {
    "AAPOR outcome rates": response_rates_of,
    "Design effect from weights": kish,
    "Invitation states to dispositions": dispositions,
    "Invitation volume": invitation_volume,
    "NPS sample size and margin": size_for_net_promoter_score,
    "Non-response bias on frame variables": nonresponse_bias,
    "Post-stratified mean": poststratified_mean,
    "R-indicator and partial R-indicators": r_indicator,
    "Raking / IPF": raking,
    "Required completes for a share": size_for_share,
    "Sample size and coverage criteria": sample_criteria,
    "Sample vs population composition": composition,
    "Stratified allocation": stratified_allocation,
    "Weight trimming": weight_trimming,
    "Weighted NPS / satisfied share from strata": stratified_estimates,
}
