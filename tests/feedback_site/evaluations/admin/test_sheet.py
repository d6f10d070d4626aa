"""The sheet of all teams: typed or from a file, within scope, and on record with who and when."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from feedback_site.evaluations.models import EvaluationRecord, Indicator, Measurement, MeasurementStatement

SHEET = "/admin/evaluations/measurement/sheet/"
BY_HAND = {"phone_answer_rate": "94", "triage_accuracy": "92", "standard_procedure": "96"}


@pytest.fixture
def quinn(client, staff, scheme):
    client.force_login(staff.quinn)
    client.cookies["django_language"] = "en"
    return client


def fields(team, figures):
    found = {row.slug: row.pk for row in Indicator.objects.all()}
    values = {f"v-{found[slug]}-{team.pk}": value for slug, value in figures.items()}
    return {**values, **{f"n-{found[slug]}-{team.pk}": "120" for slug in figures}}


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


@pytest.mark.parametrize("name", ["ellen", "ada", "max", "wei"])
def test_others_neither_see_nor_fill_the_sheet(client, staff, organisation, scheme, name):
    client.force_login(getattr(staff, name))

    assert [
        client.get(SHEET).status_code,
        client.post(SHEET, fields(organisation.east_1, BY_HAND)).status_code,
    ] == [403, 403]
    assert not Measurement.objects.exists()
