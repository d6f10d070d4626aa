"""Indicators, dimensions and schemes in the staff pages."""

from decimal import Decimal

import pytest
from django.utils import timezone

from feedback_site.evaluations.models import EvaluationRecord, Indicator, SchemeItem
from feedback_site.evaluations.services import refresh_records

CHANGE = "admin:evaluations_evaluationscheme_change"
INDICATOR = "admin:evaluations_indicator_change"


def scheme_form(scheme, **weights):
    items = list(scheme.items.select_related("indicator").order_by("position"))
    data = {
        "names_zh_hans": scheme.names["zh-hans"],
        "names_en": scheme.names["en"],
        "slug": scheme.slug,
        "least_weight_covered": scheme.least_weight_covered,
        "subject_kind": scheme.subject_kind,
        "period_kinds": scheme.period_kinds,
        "is_active": "on",
        "items-TOTAL_FORMS": len(items),
        "items-INITIAL_FORMS": len(items),
    }
    for number, item in enumerate(items):
        fields = {
            "id": item.pk,
            "scheme": scheme.pk,
            "indicator": item.indicator_id,
            "position": item.position,
        }
        fields["weight"] = weights.get(item.indicator.slug, item.weight)
        data |= {f"items-{number}-{name}": value for name, value in fields.items()}
    return data


def test_weights_that_do_not_add_up_are_refused_in_words(scheme, staff, visit):
    page = visit(staff.quinn, CHANGE, scheme.pk, data=scheme_form(scheme, triage_accuracy="12.5"))

    (formset,) = (inline.formset for inline in page.context["inline_admin_formsets"])
    assert formset.non_form_errors() == ["The weights must add up to 100%; now they add up to 102.5%."]
    assert SchemeItem.objects.get(indicator__slug="triage_accuracy").weight == 10


def test_new_weights_reach_the_open_records(organisation, scheme, measure, staff, visit):
    now = timezone.now()
    month = timezone.localdate(now).replace(day=1)
    measure(organisation.east_1, month=month)
    refresh_records(team_ids=[organisation.east_1.pk], month=month, at=now)

    visit(
        staff.quinn, CHANGE, scheme.pk, data=scheme_form(scheme, triage_accuracy=5, customer_satisfaction=25)
    )

    # 87.65 - 88*5/100 + 90*5/100 = 87.75
    assert EvaluationRecord.objects.get().score == Decimal("87.8")


def test_only_those_who_may_change_schemes(scheme, staff, visit):
    assert visit(staff.ada, CHANGE, scheme.pk, data=scheme_form(scheme)).status_code == 403
    assert visit(staff.ada, CHANGE, scheme.pk).status_code == 200


def indicator_form(indicator, **changes):
    names = ("slug", "source", "unit", "direction", "baseline", "target")
    facts = {name: getattr(indicator, name) for name in names} | {"dimension": indicator.dimension_id}
    facts |= {"names_zh_hans": indicator.names["zh-hans"], "names_en": indicator.names["en"]}
    limits = dict(
        zip(
            ("points_5", "points_4", "points_3", "points_2"),
            (limit for limit, _points in indicator.rubric),
            strict=False,
        )
    )
    return facts | limits | changes


def test_a_rubric_is_edited_as_four_limits(scheme, staff, visit):
    indicator = Indicator.objects.get(slug="first_response_time")

    page = visit(staff.quinn, INDICATOR, indicator.pk)
    visit(staff.quinn, INDICATOR, indicator.pk, data=indicator_form(indicator, points_2="4"))

    indicator.refresh_from_db()
    assert [page.context["adminform"].form.fields[name].initial for name in ("points_5", "points_2")] == [
        1,
        3,
    ]
    assert indicator.rubric == [[1.0, 5], [1.5, 4], [2.0, 3], [4.0, 2], [None, 1]]


@pytest.mark.parametrize(("slug", "source"), [("service_attitude", "survey"), ("triage_accuracy", "crm")])
def test_what_others_count_by_stays_as_it_was_made(scheme, staff, visit, slug, source):
    indicator = Indicator.objects.get(slug=slug)
    before = indicator.unit
    changes = {"slug": "another", "unit": "points", "source": "crm", "names_en": "Another name"}

    visit(staff.quinn, INDICATOR, indicator.pk, data=indicator_form(indicator, **changes))

    indicator.refresh_from_db()
    assert (indicator.slug, indicator.unit, indicator.source, indicator.names["en"]) == (
        slug,
        before,
        source,
        "Another name",
    )


def test_a_new_indicator_is_whatever_it_is_made(scheme, staff, visit):
    made = indicator_form(Indicator.objects.get(slug="first_response_time"), slug="second_response_time")

    visit(staff.quinn, "admin:evaluations_indicator_add", data=made)

    indicator = Indicator.objects.get(slug="second_response_time")
    assert (indicator.unit, indicator.source, len(indicator.rubric)) == ("hours", "case_log", 5)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"points_2": ""}, "points_5"), ({"points_4": "0.5"}, "points_5"), ({"target": "2.5"}, "target")],
)
def test_a_rubric_with_a_gap_and_a_target_below_the_baseline_are_refused(
    scheme, staff, visit, changes, field
):
    indicator = Indicator.objects.get(slug="first_response_time")

    page = visit(staff.quinn, INDICATOR, indicator.pk, data=indicator_form(indicator, **changes))

    assert list(page.context["adminform"].form.errors) == [field]


@pytest.mark.parametrize("slug", ["resolution_rate", "customer_satisfaction", "triage_accuracy"])
def test_more_is_measured_only_of_what_can_be_told_apart(scheme, staff, visit, slug):
    indicator = Indicator.objects.get(slug=slug)
    more = {"more_subject_kinds": ["agent", "whole"], "more_period_kinds": ["half_year"]}

    visit(staff.quinn, INDICATOR, indicator.pk, data=indicator_form(indicator, **more))

    indicator.refresh_from_db()
    is_measured_so = slug != "triage_accuracy"
    assert (("agent", "half_year") in indicator.measured_kinds) is is_measured_so
    assert {("team", "month"), ("team", "quarter")} <= indicator.measured_kinds


def test_a_scheme_says_what_it_evaluates_by_which_periods(scheme, staff, visit):
    chosen = scheme_form(scheme) | {"subject_kind": "channel", "period_kinds": ["week", "year"]}

    visit(staff.quinn, CHANGE, scheme.pk, data=chosen)

    scheme.refresh_from_db()
    assert (scheme.subject_kind, scheme.period_kinds) == ("channel", ["week", "year"])
    page = visit(staff.quinn, CHANGE, scheme.pk, data=chosen | {"period_kinds": []})
    assert list(page.context["adminform"].form.errors) == ["period_kinds"]


@pytest.mark.parametrize("model", ["dimension", "indicator", "evaluationscheme"])
def test_lists_open_for_readers_in_both_languages(scheme, staff, visit, client, model):
    for language in ("en", "zh-hans"):
        visit(staff.max, f"admin:evaluations_{model}_changelist")
        client.cookies["django_language"] = language

        page = client.get(f"/admin/evaluations/{model}/")

        assert page.status_code == 200
        assert (
            len(page.context["cl"].result_list)
            == {"dimension": 6, "indicator": 15, "evaluationscheme": 1}[model]
        )
