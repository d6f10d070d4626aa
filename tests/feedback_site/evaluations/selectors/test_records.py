"""Sheets of records: bars on every unit's scale, and many records at once."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback_site.evaluations.models import EvaluationRecord, EvaluationScheme, Indicator, RecordLine
from feedback_site.evaluations.selectors.records import record_sheet, record_sheets

pytestmark = pytest.mark.django_db
QUARTER = {"period_kind": "quarter", "period_start": date(2026, 10, 1)}


def write(team, scheme, *, value="34.0", **period):
    record = EvaluationRecord.objects.create(scheme=scheme, team=team, **(period or QUARTER))
    indicator = Indicator.objects.get(slug="net_promoter_score")
    RecordLine.objects.create(
        record=record, indicator=indicator, weight=100, value=Decimal(value), n=400, score=67
    )
    return record


@pytest.mark.parametrize(
    ("value", "place"), [("-100", "0.0"), ("0", "50.0"), ("34", "67.0"), ("100", "100.0")]
)
def test_a_net_promoter_score_stands_between_minus_and_plus_a_hundred(organisation, scheme, value, place):
    (line,) = record_sheet(record=write(organisation.east, scheme, value=value)).lines

    assert (line.bar.value, line.bar.baseline, line.bar.target) == (
        Decimal(place),
        Decimal("60.0"),
        Decimal("70.0"),
    )


def test_a_quarter_and_the_month_that_begins_it_are_no_revisions_of_each_other(organisation, scheme):
    quarter = write(organisation.east, scheme)
    write(organisation.east, scheme, period_kind="month", period_start=date(2026, 10, 1))

    assert record_sheet(record=quarter).revisions == []


def test_many_sheets_take_as_many_queries_as_one(organisation, scheme):
    records = [write(team, scheme) for team in (organisation.east, organisation.west, organisation.east_1)]
    known = list(EvaluationRecord.objects.select_related("scheme").order_by("pk"))

    with CaptureQueriesContext(connection) as queries:
        sheets = record_sheets(records=known)

    assert [sheet.record.pk for sheet in sheets] == sorted(record.pk for record in records)
    assert [len(sheet.lines) for sheet in sheets] == [1, 1, 1]
    assert len(queries) == 2
    assert EvaluationScheme.objects.count() == 1
