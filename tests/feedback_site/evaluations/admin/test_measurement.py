"""Measurements in the staff pages: read by all, entered by those who may."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback_site.evaluations.models import EvaluationRecord, Indicator, Measurement
from tests.factories.evaluations.fixtures import NOVEMBER

LIST, ADD, CHANGE = (f"admin:evaluations_measurement_{page}" for page in ("changelist", "add", "change"))


def entry(organisation, *, slug="phone_answer_rate", **changes):
    facts = {
        "indicator": Indicator.objects.get(slug=slug).pk,
        "subject_kind": "team",
        "team": organisation.east_1.pk,
        "agent": "",
        "channel": "",
        "kind": "",
        "period_kind": "month",
        "period_start": "2026-11-17",
        "value": "93.5",
        "n": "200",
        "low": "",
        "high": "",
    }
    return facts | changes


def errors(page):
    return page.context["adminform"].form.errors


def test_a_figure_from_outside_is_entered_and_reaches_the_record(organisation, scheme, staff, visit):
    page = visit(staff.quinn, ADD, data=entry(organisation))

    row = Measurement.objects.get(period_kind="month", team__code="east-1")
    assert page.redirect_chain
    assert (row.team, row.period_start, row.value, row.n, row.source) == (
        organisation.east_1,
        NOVEMBER,
        Decimal("93.5"),
        200,
        "call_centre",
    )
    assert set(EvaluationRecord.objects.values_list("period_kind", "weight_covered")) == {
        ("month", 15),
        ("quarter", 15),
    }


def test_entering_a_month_again_replaces_its_figure(organisation, scheme, staff, visit):
    visit(staff.quinn, ADD, data=entry(organisation))
    row = Measurement.objects.get(period_kind="month", team__code="east-1")

    visit(staff.quinn, ADD, data=entry(organisation, value="94", low="90", high="97"))
    visit(staff.quinn, CHANGE, row.pk, data={"value": "95", "n": "210", "low": "", "high": ""})

    changed = Measurement.objects.get(period_kind="month", team__code="east-1")
    assert (changed.pk, changed.value, changed.n, changed.low) == (row.pk, 95, 210, None)
    assert set(EvaluationRecord.objects.values_list("period_kind", "score")) == {
        ("month", 95),
        ("quarter", 95),
    }


@pytest.mark.parametrize(
    "slug",
    [
        "customer_satisfaction",
        "first_response_time",
        "resolution_rate",
        "net_promoter_score",
        "verified_resolution_rate",
    ],
)
def test_what_is_measured_here_cannot_be_entered(organisation, scheme, staff, visit, slug):
    page = visit(staff.quinn, ADD, data=entry(organisation, slug=slug))

    assert list(errors(page)) == ["indicator"]
    assert not Measurement.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"value": "101"}, "The value must lie between 0 and 100."),
        ({"value": ""}, "A figure needs a sample size, and a sample size needs a figure."),
        ({"low": "94", "high": "96"}, "The interval must hold the value."),
        ({"low": "90"}, "An interval needs both its ends."),
    ],
)
def test_contradicting_figures_are_form_errors(organisation, scheme, staff, visit, changes, sentence):
    page = visit(staff.quinn, ADD, data=entry(organisation, **changes))

    assert errors(page)["__all__"] == [sentence]
    assert not Measurement.objects.exists()


def test_a_month_without_cases_is_entered_without_a_value(organisation, scheme, staff, visit):
    visit(staff.quinn, ADD, data=entry(organisation, value="", n="0"))

    assert set(Measurement.objects.values_list("period_kind", "value", "n")) == {
        ("month", None, 0),
        ("quarter", None, 0),
    }


def test_others_read_but_do_not_enter(organisation, measure, staff, visit):
    measure(organisation.east_1, slugs=["triage_accuracy"])
    row = Measurement.objects.get()

    page = visit(staff.ellen, CHANGE, row.pk)

    assert visit(staff.ellen, ADD).status_code == 403
    assert visit(staff.ellen, CHANGE, row.pk, data={"value": "100", "n": "1"}).status_code == 403
    assert "88.0%" in page.content.decode()
    assert visit(staff.wei, CHANGE, row.pk).status_code == 302


@pytest.mark.parametrize(
    ("n", "texts"), [(4, ("88.0%", False)), (9, ("88.0%", False)), (10, ("88.0%", True))]
)
def test_lists_and_pages_hide_figures_of_few_cases(organisation, measure, staff, visit, n, texts):
    measure(organisation.east_1, slugs=["triage_accuracy"], n=n)

    pages = visit(staff.ellen, LIST), visit(staff.ellen, CHANGE, Measurement.objects.get().pk)

    text, is_shown = texts
    assert [text in page.content.decode() for page in pages] == [is_shown, is_shown]


def test_the_list_takes_as_many_queries_for_three_measurements_as_for_one(
    organisation, measure, staff, visit
):
    measure(organisation.east, slugs=["triage_accuracy"])
    visit(staff.root, LIST)
    with CaptureQueriesContext(connection) as one:
        visit(staff.root, LIST)
    measure(organisation.east_1, slugs=["triage_accuracy", "resolution_rate"])

    with CaptureQueriesContext(connection) as three:
        page = visit(staff.root, LIST)

    assert len(page.context["cl"].result_list) == 3
    assert len(one) == len(three) <= 21


def test_a_quarter_is_pooled_from_the_months_and_not_entered(organisation, scheme, staff, visit):
    visit(staff.quinn, ADD, data=entry(organisation, value="90", n="100"))
    visit(staff.quinn, ADD, data=entry(organisation, period_start="2026-10-05", value="96", n="300"))
    quarter = Measurement.objects.get(period_kind="quarter", team__code="east-1")

    refused = visit(staff.quinn, CHANGE, quarter.pk, data={"value": "100", "n": "400", "low": "", "high": ""})
    page = visit(staff.quinn, CHANGE, quarter.pk).content.decode()

    assert (quarter.value, quarter.n, quarter.source) == (Decimal("94.5"), 400, "call_centre")
    assert quarter.evidence == {"pooled_from": ["2026-10", "2026-11"]}
    assert refused.status_code == 403
    assert "2026 Q4" in page
    assert "94.5%" in page


def test_the_list_says_which_period_a_figure_is_of(organisation, scheme, staff, visit):
    visit(staff.quinn, ADD, data=entry(organisation))

    page = visit(staff.quinn, LIST).content.decode()

    assert ("November 2026" in page, "2026 Q4" in page) == (True, True)


def test_a_figure_of_another_subject_and_period_is_entered_and_changed(organisation, scheme, staff, visit):
    about = {"subject_kind": "channel", "team": "", "channel": organisation.phone.pk, "period_kind": "week"}
    visit(staff.quinn, ADD, data=entry(organisation, **about))
    row = Measurement.objects.get()

    visit(staff.quinn, CHANGE, row.pk, data={"value": "95", "n": "210", "low": "", "high": ""})

    changed = Measurement.objects.get()
    assert (changed.pk, changed.channel, changed.team) == (row.pk, organisation.phone, None)
    assert (str(changed.period_start), changed.value, changed.n) == ("2026-11-16", 95, 210)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"subject_kind": "whole"}, ["team"]),
        ({"subject_kind": "agent"}, ["agent"]),
        ({"subject_kind": "kind", "team": ""}, ["kind"]),
        ({"team": ""}, ["team"]),
        ({"period_kind": "fortnight"}, ["period_kind"]),
    ],
)
def test_a_subject_has_what_it_needs_and_nothing_else(organisation, scheme, staff, visit, changes, wrong):
    page = visit(staff.quinn, ADD, data=entry(organisation, **changes))

    assert list(errors(page)) == wrong
    assert not Measurement.objects.exists()
