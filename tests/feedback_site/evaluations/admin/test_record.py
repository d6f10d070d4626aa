"""The pages of evaluation records."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback_site.evaluations.enums import RecordStatus
from feedback_site.evaluations.models import EvaluationRecord
from feedback_site.evaluations.services import review_record
from tests.factories.evaluations.fixtures import current_record

LIST = "admin:evaluations_evaluationrecord_changelist"


@pytest.fixture
def calculate(scheme, measure, noon):
    def calculate(team, **options):
        measure(team, **options)
        return current_record(scheme, team, at=noon)

    return calculate


def step(record, name):
    return f"/admin/evaluations/evaluationrecord/{record.pk}/{name}/"


def teams_listed(response):
    return {row.team.code for row in response.context["cl"].result_list}


def test_the_list_shows_the_records_of_the_readers_scope(organisation, staff, calculate, visit):
    for team in (organisation.east, organisation.east_1, organisation.west_1):
        calculate(team)

    assert teams_listed(visit(staff.ellen, LIST)) == {"east-1"}
    assert teams_listed(visit(staff.ada, LIST)) == {"east", "east-1"}
    assert teams_listed(visit(staff.max, LIST)) == {"east", "east-1", "west-1"}
    assert teams_listed(visit(staff.quinn, LIST)) == {"east", "east-1", "west-1"}


def test_the_list_names_grade_and_status_in_words(organisation, staff, calculate, visit):
    calculate(organisation.east)
    calculate(organisation.east_1, n=9)

    labels = re.findall(
        r"<span class=.inline-block font-semibold[^>]*>\s*([\w ]+?)\s*</span>",
        visit(staff.ada, LIST).content.decode(),
    )

    assert labels == ["Good", "Calculated", "no grade", "Calculated"]


def test_a_strangers_record_does_not_exist(organisation, staff, calculate, visit):
    record = calculate(organisation.west_1)

    assert visit(staff.wei, "admin:evaluations_evaluationrecord_change", record.pk).status_code == 200
    assert visit(staff.ellen, "admin:evaluations_evaluationrecord_change", record.pk).status_code == 404


def test_the_list_takes_as_many_queries_for_three_records_as_for_one(organisation, staff, calculate, visit):
    calculate(organisation.east)
    visit(staff.root, LIST)
    with CaptureQueriesContext(connection) as one:
        visit(staff.root, LIST)
    calculate(organisation.east_1)
    calculate(organisation.west_1)

    with CaptureQueriesContext(connection) as three:
        visit(staff.root, LIST)

    assert len(one) == len(three) <= 21


def test_the_sheet_shows_score_grade_and_every_line(organisation, staff, calculate, visit):
    page = visit(staff.ellen, "admin:evaluations_evaluationrecord_change", calculate(organisation.east_1).pk)

    lines = {line.indicator.slug: line for line in page.context["sheet"].lines}
    assert page.context["title"] == "East-1 · November 2026"
    assert sum(line.contribution for line in lines.values()) == Decimal("87.65")
    assert (lines["first_response_time"].bar.met, lines["triage_accuracy"].bar.met) == ("target", "baseline")
    for text in ("87.7", "Good", "1.20 h", "93.0%", "4.50", "First response time"):
        assert text in page.content.decode()


def test_the_sheet_says_why_there_is_no_grade(organisation, staff, calculate, visit):
    covered = calculate(
        organisation.east_1,
        slugs=["phone_answer_rate", "triage_accuracy", "resolution_rate", "customer_satisfaction"],
    )
    firm = calculate(organisation.west_1, n=12)

    first = visit(staff.quinn, "admin:evaluations_evaluationrecord_change", covered.pk).content.decode()
    second = visit(staff.quinn, "admin:evaluations_evaluationrecord_change", firm.pk).content.decode()

    assert "No grade: only 65% of the weight has data; 80% is needed." in " ".join(first.split())
    assert "No grade: only 0% of the weight has 30 results or more; 80% is needed." in " ".join(
        second.split()
    )


@pytest.mark.parametrize(("n", "shown_n", "shown_value"), [(4, None, False), (9, 9, False), (10, 10, True)])
def test_few_cases_hide_their_figures(organisation, staff, calculate, visit, n, shown_n, shown_value):
    page = visit(
        staff.ellen, "admin:evaluations_evaluationrecord_change", calculate(organisation.east_1, n=n).pk
    )

    line = page.context["sheet"].lines[0]
    assert (line.n, line.value is not None, line.bar.value is not None) == (shown_n, shown_value, shown_value)
    assert ("1.20 h" in page.content.decode()) is shown_value


def test_quality_management_reviews_and_publishes(organisation, staff, calculate, visit):
    record = calculate(organisation.east_1)

    asked = visit(staff.quinn, step(record, "review"))
    record.refresh_from_db()
    untouched = record.status
    visit(staff.quinn, step(record, "review"), data={})
    refused = visit(staff.quinn, step(record, "publish"), data={})
    page = visit(staff.root, step(record, "publish"), data={})

    record.refresh_from_db()
    assert "another person has to publish it" in refused.content.decode()
    assert (asked.status_code, untouched) == (200, RecordStatus.CALCULATED)
    assert (record.status, record.reviewed_by, record.published_by) == (
        RecordStatus.PUBLISHED,
        staff.quinn,
        staff.root,
    )
    assert "The record was published and can no longer be changed." in page.content.decode()


def test_a_wrong_step_is_refused_in_words(organisation, staff, calculate, visit):
    record = calculate(organisation.east_1)

    page = visit(staff.quinn, step(record, "publish"), data={})

    record.refresh_from_db()
    assert record.status == RecordStatus.CALCULATED
    assert "Only a reviewed record can be published." in page.content.decode()


@pytest.mark.parametrize("name", ["ellen", "ada", "max"])
def test_others_can_neither_review_nor_publish(organisation, staff, calculate, visit, noon, name):
    record = calculate(organisation.east_1)
    reader = getattr(staff, name)
    assert visit(reader, step(record, "review"), data={}).status_code == 403
    review_record(record=record, by=staff.quinn, at=noon)

    assert visit(reader, step(record, "publish"), data={}).status_code == 403
    assert EvaluationRecord.objects.get().status == RecordStatus.REVIEWED


def test_the_page_offers_the_step_the_record_stands_before(organisation, staff, calculate, visit, noon):
    record = calculate(organisation.east_1)
    change = "admin:evaluations_evaluationrecord_change"

    def offered(user):
        return [
            entry["path"].rsplit("/", 2)[-1] or entry["path"].split("/")[-2]
            for entry in visit(user, change, record.pk).context["actions_detail"]
        ]

    before = offered(staff.quinn), offered(staff.ellen)
    review_record(record=record, by=staff.quinn, at=noon)

    assert before == (["review"], [])
    assert (offered(staff.quinn), offered(staff.root)) == ([], ["publish"])
