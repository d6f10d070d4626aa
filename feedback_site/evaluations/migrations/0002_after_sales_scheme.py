"""Every installation starts with the six dimensions, the after-sales scheme, and the indicators outside it."""

from django.db import migrations

from feedback_site.evaluations.services import seed_scheme

SCHEME = {"slug": "after_sales", "names": {"en": "After-sales service", "zh-hans": "售后服务"}}
DIMENSIONS = [
    ("touchpoint", 1, "Touchpoints", "服务触点"),
    ("efficiency", 2, "Efficiency", "服务效率"),
    ("expertise", 3, "Expertise", "服务专业性"),
    ("stability", 4, "Stability", "服务稳定性"),
    ("personalisation", 5, "Personalisation", "服务个性化"),
    ("compliance", 6, "Compliance", "服务合规性"),
]
# Limits in hours from best to worst, and the grade each of them earns.
FIRST_RESPONSE_RUBRIC = [[1, 5], [1.5, 4], [2, 3], [3, 2], [None, 1]]
# The scheme weighs the first six.
WEIGHTS = {
    "first_response_time": 25,
    "phone_answer_rate": 15,
    "triage_accuracy": 10,
    "resolution_rate": 20,
    "customer_satisfaction": 20,
    "standard_procedure": 10,
}
INDICATORS = [
    (
        "first_response_time",
        "touchpoint",
        "hours",
        "lower",
        "2",
        "1.5",
        "case_log",
        "First response time",
        "首次响应时长",
    ),
    (
        "phone_answer_rate",
        "touchpoint",
        "percent",
        "higher",
        "90",
        "95",
        "call_centre",
        "Phone answer rate",
        "电话接通率",
    ),
    (
        "triage_accuracy",
        "expertise",
        "percent",
        "higher",
        "85",
        "90",
        "spot_check",
        "Triage accuracy",
        "问题分类准确率",
    ),
    (
        "resolution_rate",
        "touchpoint",
        "percent",
        "higher",
        "80",
        "85",
        "crm",
        "Resolution rate",
        "问题解决率",
    ),
    (
        "customer_satisfaction",
        "touchpoint",
        "rating",
        "higher",
        "4.0",
        "4.5",
        "survey",
        "Customer satisfaction",
        "客户满意度",
    ),
    (
        "standard_procedure",
        "stability",
        "percent",
        "higher",
        "90",
        "95",
        "spot_check",
        "Standard procedure followed",
        "服务规范性",
    ),
    (
        "net_promoter_score",
        "touchpoint",
        "points",
        "higher",
        "20",
        "40",
        "survey",
        "Net Promoter Score",
        "净推荐值",
    ),
    (
        "verified_resolution_rate",
        "expertise",
        "percent",
        "higher",
        "90",
        "95",
        "return_visit",
        "Verified resolution rate",
        "回访核实解决率",
    ),
    (
        "service_attitude",
        "touchpoint",
        "rating",
        "higher",
        "4.0",
        "4.5",
        "survey",
        "Service attitude",
        "服务态度",
    ),
    (
        "first_contact_resolution",
        "efficiency",
        "percent",
        "higher",
        "70",
        "80",
        "survey",
        "Resolved at first contact",
        "首次联系解决率",
    ),
    (
        "solution_clarity",
        "expertise",
        "rating",
        "higher",
        "4.0",
        "4.5",
        "survey",
        "Solution clear",
        "方案清晰度",
    ),
    (
        "solution_adoption",
        "expertise",
        "percent",
        "higher",
        "85",
        "90",
        "survey",
        "Solution adopted",
        "方案采纳率",
    ),
    (
        "customer_known",
        "personalisation",
        "percent",
        "higher",
        "20",
        "30",
        "survey",
        "Name and history known",
        "称呼与历史知晓率",
    ),
    (
        "unasked_offer",
        "personalisation",
        "percent",
        "higher",
        "30",
        "40",
        "survey",
        "Offered what was not asked for",
        "主动服务提及率",
    ),
    (
        "custom_solution",
        "personalisation",
        "rating",
        "higher",
        "4.0",
        "4.5",
        "survey",
        "Custom solution score",
        "定制化方案评分",
    ),
]
DIMENSION_FIELDS = ("slug", "position", "en", "zh-hans")
INDICATOR_FIELDS = (
    "slug",
    "dimension",
    "unit",
    "direction",
    "baseline",
    "target",
    "source",
    "en",
    "zh-hans",
)


def named(fields, row):
    """Return a row by its fields, the name in both languages."""
    facts = dict(zip(fields, row, strict=True))
    names = {language: facts.pop(language) for language in ("en", "zh-hans")}
    return facts | {"names": names}


def load(apps, schema_editor):
    """Create what is missing."""
    seed_scheme(
        get_model=apps.get_model,
        scheme=SCHEME,
        dimensions=[named(DIMENSION_FIELDS, row) for row in DIMENSIONS],
        indicators=[
            named(INDICATOR_FIELDS, row)
            | {"rubric": FIRST_RESPONSE_RUBRIC if row[0] == "first_response_time" else []}
            | ({"weight": WEIGHTS[row[0]]} if row[0] in WEIGHTS else {})
            for row in INDICATORS
        ],
    )


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
