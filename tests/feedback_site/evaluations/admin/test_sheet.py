"""The sheet of all teams: typed or from a file, within scope, and on record with who and when."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from feedback_site.evaluations.enums import SubjectKind
from feedback_site.evaluations.models import EvaluationRecord, Indicator, Measurement, MeasurementStatement
from feedback_site.evaluations.rules import period_code
from feedback_site.service_events.models import Agent

SHEET = "/admin/evaluations/measurement/sheet/"
BY_HAND = {"phone_answer_rate": "94", "triage_accuracy": "92", "standard_procedure": "96"}


@pytest.fixture
def quinn(client, staff, scheme):
    client.force_login(staff.quinn)
    client.cookies["django_language"] = "en"
    return client


def fields(team, figures):
    found = {row.slug: row.pk for row in Indicator.objects.all()}
    values = {f"v-{found[slug]}-team-{team.pk}": value for slug, value in figures.items()}
    return {**values, **{f"n-{found[slug]}-team-{team.pk}": "120" for slug in figures}}


def test_the_missing_35_percent_of_a_grade_are_filled_in_one_sheet(quinn, organisation, staff):
    typed = {
        "month": "2026-11",
        **fields(organisation.east_1, BY_HAND),
        **fields(organisation.west_1, {"phone_answer_rate": "50"}),
    }

    page = quinn.post(SHEET, typed)

    assert page.status_code == 200
    assert "4 figures saved, 0 on record already." in page.content.decode()
    record = EvaluationRecord.objects.get(team=organisation.east_1, period_kind="month")
    assert record.weight_covered == 35
    assert EvaluationRecord.objects.get(team=organisation.east, period_kind="month").weight_covered == 35
    assert set(MeasurementStatement.objects.values_list("way", "stated_by")) == {("staff", staff.quinn.pk)}
    again = quinn.post(SHEET, typed)
    assert "0 figures saved" in again.content.decode()
    assert MeasurementStatement.objects.count() == 4


@pytest.mark.parametrize(
    ("value", "n", "says"),
    [("101", "5", "between 0 and 100"), ("90", "", "sample size"), ("x", "5", "are numbers")],
)
def test_a_wrong_cell_says_why_and_the_others_are_saved(quinn, organisation, value, n, says):
    good, bad = (
        fields(organisation.east_1, {"triage_accuracy": "90"}),
        fields(organisation.east_1, {"phone_answer_rate": value}),
    )
    bad |= {name: n for name in bad if name.startswith("n-")}

    page = quinn.post(SHEET, {"month": "2026-11", **good, **bad}).content.decode()

    assert says in page
    assert list(
        Measurement.objects.filter(team=organisation.east_1, period_kind="month").values_list(
            "value", flat=True
        )
    ) == [90]


def test_a_file_is_taken_row_by_row_and_every_refused_line_is_named(quinn, organisation):
    text = (
        "indicator,team,month,value,n\n"
        "phone_answer_rate,east-1,2026-11,93.5,412\n"
        "resolution_rate,east-1,2026-11,93.5,412\n"
        "phone_answer_rate,nowhere,2026-11,93.5,412\n"
        "phone_answer_rate,west-1,11/2026,93.5,412\n"
        "phone_answer_rate,west-1,2026-11,93.5,\n"
    )

    page = quinn.post(SHEET, {"file": SimpleUploadedFile("figures.csv", text.encode())}).content.decode()

    assert [line for line in (3, 4, 5, 6) if f"<li>{line}: " in page] == [3, 4, 5, 6]
    row = Measurement.objects.get(team=organisation.east_1, period_kind="month")
    assert (row.value, row.n, MeasurementStatement.objects.get().way) == (Decimal("93.5"), 412, "file")


@pytest.mark.parametrize("kind", SubjectKind)
@pytest.mark.parametrize(("period_kind", "first"), [("day", "2026-11-18"), ("week", "2026-11-16")])
def test_a_sheet_of_every_kind_of_subject_is_typed_for_any_period(
    quinn, organisation, kind, period_kind, first
):
    Agent.objects.create(source="crm", code="A17", team=organisation.east_1)
    asked = {"subject_kind": kind, "period_kind": period_kind, "day": "2026-11-18"}
    page = quinn.get(SHEET, asked).content.decode()
    cells = re.findall(
        rf'name="v-({Indicator.objects.get(slug="phone_answer_rate").pk}-{kind}[-0-9]*)"', page
    )

    typed = {"subject_kind": kind, "period": period_code(period_kind, date.fromisoformat(first))}
    quinn.post(SHEET, typed | {f"v-{cells[0]}": "90", f"n-{cells[0]}": "30"})

    row = Measurement.objects.filter(subject_kind=kind, period_kind=period_kind).latest("measured_at")
    assert (str(row.period_start), row.value, row.n) == (first, 90, 30)
    assert 'value="90"' in quinn.get(SHEET, asked).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject_kind": "customer"},
        {"period": "2026-W60"},
        {"period_kind": "fortnight", "day": "2026-11-18"},
        {"period_kind": "week", "day": "2026-W48"},
        {"month": "11/2026"},
    ],
)
def test_a_sheet_of_what_there_is_not_says_so(quinn, wrong):
    page = quinn.get(SHEET, wrong).content.decode()

    assert "The subject is one of" in page or "Write a day as" in page


def test_a_file_names_other_subjects_and_periods(quinn, organisation):
    Agent.objects.create(source="crm", code="A17", team=organisation.east_1)
    text = (
        "indicator,subject_kind,subject,team,period,value,n\n"
        "phone_answer_rate,channel,phone,,2026-W48,93.5,412\n"
        "phone_answer_rate,agent,A17,east-1,2026-11-24,91,30\n"
        "phone_answer_rate,whole,,,2026-H2,92,800\n"
        "phone_answer_rate,,,west-1,2026,94,100\n"
        "phone_answer_rate,shop,A17,east-1,2026-11-24,91,30\n"
        "phone_answer_rate,agent,A17,,2026-11-24,91,30\n"
        "phone_answer_rate,agent,A17,east-1,2026-W60,91,30\n"
    )

    page = quinn.post(SHEET, {"file": SimpleUploadedFile("figures.csv", text.encode())}).content.decode()

    assert re.findall(r"<li>(\d+): ", page) == ["6", "7", "8"]
    assert set(Measurement.objects.values_list("subject_kind", "period_kind", "period_start", "n")) == {
        ("channel", "week", date(2026, 11, 23), 412),
        ("agent", "day", date(2026, 11, 24), 30),
        ("whole", "half_year", date(2026, 7, 1), 800),
        ("team", "year", date(2026, 1, 1), 100),
        # The region has the cases of its station.
        ("team", "year", date(2026, 1, 1), 100),
    }


@pytest.mark.parametrize("name", ["ellen", "ada", "max", "wei"])
def test_others_neither_see_nor_fill_the_sheet(client, staff, organisation, scheme, name):
    client.force_login(getattr(staff, name))

    assert [
        client.get(SHEET).status_code,
        client.post(SHEET, fields(organisation.east_1, BY_HAND)).status_code,
    ] == [403, 403]
    assert not Measurement.objects.exists()
