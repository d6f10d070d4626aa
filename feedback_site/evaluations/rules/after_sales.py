"""The after-sales template as plain data: six dimensions, six indicators, one scheme.

Source: domain handbook, template 3.
"""

from typing import Any

SCHEME: dict[str, Any] = {
    "slug": "after_sales",
    "names": {"en": "After-sales service", "zh-hans": "售后服务"},
}

DIMENSIONS: list[dict[str, Any]] = [
    {"slug": "touchpoint", "position": 1, "names": {"en": "Touchpoints", "zh-hans": "服务触点"}},
    {"slug": "efficiency", "position": 2, "names": {"en": "Efficiency", "zh-hans": "服务效率"}},
    {"slug": "expertise", "position": 3, "names": {"en": "Expertise", "zh-hans": "服务专业性"}},
    {"slug": "stability", "position": 4, "names": {"en": "Stability", "zh-hans": "服务稳定性"}},
    {"slug": "personalisation", "position": 5, "names": {"en": "Personalisation", "zh-hans": "服务个性化"}},
    {"slug": "compliance", "position": 6, "names": {"en": "Compliance", "zh-hans": "服务合规性"}},
]

# Limits in hours from best to worst: excellent, good (target
# met), qualified (baseline met), to improve, unqualified.
_FIRST_RESPONSE_RUBRIC: list[list[float | None]] = [[1, 5], [1.5, 4], [2, 3], [3, 2], [None, 1]]


def _indicator(
    dimension: str, weight: int, baseline: str, target: str, source: str, **fields: Any
) -> dict[str, Any]:
    rate = {"unit": "percent", "direction": "higher", "rubric": []}
    return {
        "dimension": dimension,
        "weight": weight,
        "baseline": baseline,
        "target": target,
        "source": source,
        **rate,
        **fields,
    }


INDICATORS: list[dict[str, Any]] = [
    _indicator(
        "touchpoint",
        25,
        "2",
        "1.5",
        "case_log",
        slug="first_response_time",
        names={"en": "First response time", "zh-hans": "首次响应时长"},
        unit="hours",
        direction="lower",
        rubric=_FIRST_RESPONSE_RUBRIC,
    ),
    _indicator(
        "touchpoint",
        15,
        "90",
        "95",
        "call_centre",
        slug="phone_answer_rate",
        names={"en": "Phone answer rate", "zh-hans": "电话接通率"},
    ),
    _indicator(
        "expertise",
        10,
        "85",
        "90",
        "spot_check",
        slug="triage_accuracy",
        names={"en": "Triage accuracy", "zh-hans": "问题分类准确率"},
    ),
    _indicator(
        "touchpoint",
        20,
        "80",
        "85",
        "crm",
        slug="resolution_rate",
        names={"en": "Resolution rate", "zh-hans": "问题解决率"},
    ),
    _indicator(
        "touchpoint",
        20,
        "4.0",
        "4.5",
        "survey",
        slug="customer_satisfaction",
        names={"en": "Customer satisfaction", "zh-hans": "客户满意度"},
        unit="rating",
    ),
    _indicator(
        "stability",
        10,
        "90",
        "95",
        "spot_check",
        slug="standard_procedure",
        names={"en": "Standard procedure followed", "zh-hans": "服务规范性"},
    ),
]

# Measured from the first day, but without a weight in the template's scheme: its six
# weights make a whole. NPS has no figure in the handbook; baseline and target are ours.
# The verified share takes the handbook's standard for solutions that work (2.3.3).
UNWEIGHTED_INDICATORS: list[dict[str, Any]] = [
    {
        "dimension": "touchpoint",
        "slug": "net_promoter_score",
        "names": {"en": "Net Promoter Score", "zh-hans": "净推荐值"},
        "unit": "points",
        "direction": "higher",
        "baseline": "20",
        "target": "40",
        "rubric": [],
        "source": "survey",
    },
    {
        "dimension": "expertise",
        "slug": "verified_resolution_rate",
        "names": {"en": "Verified resolution rate", "zh-hans": "回访核实解决率"},
        "unit": "percent",
        "direction": "higher",
        "baseline": "90",
        "target": "95",
        "rubric": [],
        "source": "return_visit",
    },
]

# What only the customers can tell (handbook, customer-side indicators), asked in rotation so that
# a questionnaire stays short. The handbook gives the targets of attitude, adoption, knowing the
# customer, unasked offers and custom solutions; the other targets, and all baselines, are ours.
CUSTOMER_INDICATORS: list[dict[str, Any]] = [
    {
        "slug": slug,
        "dimension": dimension,
        "unit": unit,
        "baseline": baseline,
        "target": target,
        "names": {"en": english, "zh-hans": chinese},
    }
    | {"direction": "higher", "rubric": [], "source": "survey"}
    for slug, dimension, unit, baseline, target, english, chinese in (
        ("service_attitude", "touchpoint", "rating", "4.0", "4.5", "Service attitude", "服务态度"),
        (
            "first_contact_resolution",
            "efficiency",
            "percent",
            "70",
            "80",
            "Resolved at first contact",
            "首次联系解决率",
        ),
        ("solution_clarity", "expertise", "rating", "4.0", "4.5", "Solution clear", "方案清晰度"),
        ("solution_adoption", "expertise", "percent", "85", "90", "Solution adopted", "方案采纳率"),
        (
            "customer_known",
            "personalisation",
            "percent",
            "20",
            "30",
            "Name and history known",
            "称呼与历史知晓率",
        ),
        (
            "unasked_offer",
            "personalisation",
            "percent",
            "30",
            "40",
            "Offered what was not asked for",
            "主动服务提及率",
        ),
        (
            "custom_solution",
            "personalisation",
            "rating",
            "4.0",
            "4.5",
            "Custom solution score",
            "定制化方案评分",
        ),
    )
]

# Indicators that a task measures from completed service events: they are not entered by hand.
FROM_CASE_LOG = ("first_response_time", "resolution_rate")
# Indicators that are measured of all kinds of subjects and periods, where their settings ask for it.
OF_EVERY_SUBJECT = (*FROM_CASE_LOG, "customer_satisfaction")
