"""The scheme every installation starts with."""

from decimal import Decimal

from feedback_site.evaluations.models import Dimension, EvaluationScheme, Indicator, SchemeItem
from feedback_site.evaluations.services import load_after_sales_scheme


def stated():
    rows = SchemeItem.objects.order_by("position")
    return list(rows.values_list("indicator__slug", "indicator__baseline", "indicator__target", "weight"))


TEMPLATE = [
    ("first_response_time", Decimal(2), Decimal("1.5"), 25),
    ("phone_answer_rate", 90, 95, 15),
    ("triage_accuracy", 85, 90, 10),
    ("resolution_rate", 80, 85, 20),
    ("customer_satisfaction", 4, Decimal("4.5"), 20),
    ("standard_procedure", 90, 95, 10),
]


def test_every_installation_has_the_after_sales_template(db):
    SchemeItem.objects.all().delete()
    EvaluationScheme.objects.all().delete()
    Indicator.objects.all().delete()
    Dimension.objects.all().delete()

    load_after_sales_scheme()

    assert stated() == TEMPLATE
    assert Dimension.objects.count() == 6


def test_loading_again_keeps_what_staff_have_changed(db):
    scheme = load_after_sales_scheme()
    SchemeItem.objects.filter(indicator__slug="triage_accuracy").delete()
    Indicator.objects.filter(slug="customer_satisfaction").update(target=Decimal("4.6"))

    again = load_after_sales_scheme()

    assert again == scheme
    assert SchemeItem.objects.count() == 5
    assert Indicator.objects.get(slug="customer_satisfaction").target == Decimal("4.6")
