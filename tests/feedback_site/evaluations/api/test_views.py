"""`/api/v1/evaluations/`."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key
from feedback_site.evaluations.enums import SubjectKind
from feedback_site.evaluations.models import EvaluationRecord, subject_in_words
from feedback_site.evaluations.selectors.records import record_sheet
from feedback_site.evaluations.services import publish_record, review_record
from feedback_site.service_events.models import Agent
from tests.factories.evaluations.fixtures import NOVEMBER, current_record

ADDRESS = "/api/v1/evaluations/"
# Of which two look up the names that filters know: teams and schemes.
STATEMENTS = 11


@pytest.fixture
def calculate(scheme, measure, noon):
    def calculate(team, *, at=None, **options):
        measure(team, **options)
        start = options.get("month", NOVEMBER)
        return current_record(scheme, team, month=start, at=at or noon)

    return calculate


@pytest.fixture
def ask(client, api_key):
    def ask(address=ADDRESS, key=None, **query):
        return client.get(address, query, headers={"Authorization": f"Api-Key {key or api_key}"})

    return ask


def teams(response):
    assert response.status_code == 200, response.json()
    return {row["team"] for row in response.json()["results"]}


def test_a_record_says_what_its_page_says(organisation, calculate, ask):
    record = calculate(organisation.east_1, first_response_time=Decimal("1.2"))

    shown = ask(f"{ADDRESS}{record.pk}/").json()

    sheet = record_sheet(record=record)
    facts = {
        name: shown[name]
        for name in ("scheme", "team", "period_kind", "period", "period_start", "revision", "status")
    }
    assert facts == {
        "scheme": "after_sales",
        "team": "east-1",
        "period_kind": "month",
        "period": "2026-11",
        "period_start": "2026-11-01",
        "revision": 1,
        "status": "calculated",
    }
    assert (shown["score"], shown["grade"], shown["weight_covered"], shown["weight_firm"]) == (
        "87.7",
        "good",
        "100.00",
        "100.00",
    )
    assert [
        (line["indicator"], Decimal(line["value"]), line["n"], Decimal(line["score"]))
        for line in shown["lines"]
    ] == [(line.indicator.slug, line.value, line.n, line.score) for line in sheet.lines]
    assert shown["lines"][0]["baseline"] == "2.000"
    assert shown["lines"][0]["visibility"] == "full"


@pytest.mark.parametrize(
    ("n", "visibility", "shown_n", "is_shown"),
    [(4, "nothing", None, False), (9, "count", 9, False), (10, "greyed", 10, True), (30, "full", 30, True)],
)
def test_few_cases_hide_what_the_page_hides(organisation, calculate, ask, n, visibility, shown_n, is_shown):
    record = calculate(organisation.east_1, n=n)

    for line in ask(f"{ADDRESS}{record.pk}/").json()["lines"]:
        assert (line["visibility"], line["n"], line["value"] is not None) == (visibility, shown_n, is_shown)


def test_a_key_reads_the_records_of_its_teams(organisation, calculate, ask, east_api_key):
    for team in (organisation.east, organisation.east_1, organisation.west_1):
        calculate(team)
    foreign = EvaluationRecord.objects.get(team=organisation.west_1)

    assert teams(ask()) == {"east", "east-1", "west-1"}
    assert teams(ask(key=east_api_key)) == {"east", "east-1"}
    assert ask(f"{ADDRESS}{foreign.pk}/", key=east_api_key).status_code == 404
    assert ask(team="west-1", key=east_api_key).status_code == 400


def test_without_the_grant_nothing_is_read(organisation, calculate, ask):
    calculate(organisation.east_1)
    key = create_api_key(name="events only", grants=[Grant.EVENTS_READ])[1]

    assert ask(key=key).status_code == 403
    assert ask(key="unknown.key").status_code == 401


def test_filters_leave_what_was_asked_for(organisation, scheme, calculate, ask, staff, noon):
    calculate(organisation.east_1)
    record = calculate(organisation.west_1, month=NOVEMBER.replace(month=10), at=noon - timedelta(days=2))
    publish_record(
        record=review_record(record=record, by=staff.quinn, at=noon),
        by=staff.max,
        at=noon + timedelta(hours=1),
    )
    current_record(scheme, organisation.east, period_kind="quarter", at=noon)

    assert teams(ask(team="east")) == {"east", "east-1"}
    assert teams(ask(period="2026-11")) == {"east-1"}
    assert teams(ask(period="2026-Q4")) == {"east"}
    assert teams(ask(period_kind="month")) == {"east-1", "west-1"}
    assert teams(ask(status="published")) == {"west-1"}
    assert teams(ask(scheme="after_sales")) == {"east", "east-1", "west-1"}
    assert (ask(scheme="another").status_code, list(ask(scheme="another").json()["extra"]["fields"])) == (
        400,
        ["scheme"],
    )


def test_updated_since_finds_what_was_calculated_reviewed_or_published_since(
    organisation, calculate, ask, staff
):
    begun = datetime(2026, 2, 1, tzinfo=UTC)
    calculate(organisation.east_1, at=begun)
    record = calculate(organisation.west_1, at=begun)
    review_record(record=record, by=staff.quinn, at=begun + timedelta(hours=1))

    assert teams(ask(updated_since=begun.isoformat())) == {"east-1", "west-1"}
    assert teams(ask(updated_since=(begun + timedelta(minutes=1)).isoformat())) == {"west-1"}
    assert teams(ask(updated_since=(begun + timedelta(hours=2)).isoformat())) == set()


@pytest.mark.parametrize("period", ["2026-13", "2026-Q5", "0000", "11-2026", "2026-11-31", "2026-W54"])
def test_a_period_that_does_not_exist_is_refused(scheme, ask, period):
    response = ask(period=period)

    assert response.status_code == 400
    assert list(response.json()["extra"]["fields"]) == ["period"]


def test_pages_follow_each_other_and_cost_the_same(organisation, calculate, ask, django_assert_num_queries):
    for team in (organisation.east, organisation.east_1, organisation.west_1):
        calculate(team)

    with django_assert_num_queries(STATEMENTS):
        first = ask(page_size=2).json()
    with django_assert_num_queries(STATEMENTS):
        second = ask(first["next"]).json()

    seen = [row["team"] for row in first["results"] + second["results"]]
    assert sorted(seen) == ["east", "east-1", "west-1"]
    assert second["next"] is None


@pytest.fixture
def about(organisation, scheme):
    """One record of each kind of subject, each by another kind of period."""
    agent = Agent.objects.create(source="crm", code="A17", team=organisation.east_1)
    rows = [
        ("team", "month", "2026-11-01", {"team": organisation.east_1}),
        ("agent", "day", "2026-11-24", {"team": organisation.east_1, "agent": agent}),
        ("channel", "week", "2026-11-23", {"channel": organisation.phone}),
        ("kind", "quarter", "2026-10-01", {"team": organisation.west_1, "kind": organisation.repair}),
        ("whole", "half_year", "2026-07-01", {}),
    ]
    for subject_kind, period_kind, start, keys in rows:
        EvaluationRecord.objects.create(
            scheme=scheme, subject_kind=subject_kind, period_kind=period_kind, period_start=start, **keys
        )


@pytest.mark.parametrize(
    ("query", "kind", "subject", "team"),
    [
        ({"subject_kind": "team"}, "team", "east-1", "east-1"),
        ({"subject_kind": "agent"}, "agent", "A17", "east-1"),
        ({"subject_kind": "whole"}, "whole", "", None),
        ({"agent": "A17"}, "agent", "A17", "east-1"),
        ({"channel": "phone"}, "channel", "phone", None),
        ({"kind": "after_sales_repair"}, "kind", "after_sales_repair", "west-1"),
        ({"period": "2026-11-24"}, "agent", "A17", "east-1"),
        ({"period": "2026-W48"}, "channel", "phone", None),
        ({"period_kind": "week"}, "channel", "phone", None),
        ({"period": "2026-H2"}, "whole", "", None),
    ],
)
def test_records_are_found_by_what_they_are_about_and_say_it(about, ask, query, kind, subject, team):
    (row,) = ask(**query).json()["results"]

    assert (row["subject_kind"], row["subject"], row["team"]) == (kind, subject, team)
    assert row["period"] == query.get("period", row["period"])


def test_a_key_of_a_team_reads_nothing_of_the_whole_company(about, ask, east_api_key):
    rows = ask(key=east_api_key).json()["results"]

    assert {row["subject_kind"] for row in rows} == {"team", "agent"}
    assert ask(agent="A18", key=east_api_key).json()["results"] == []


def test_lists_name_every_subject(about, client, staff):
    client.force_login(staff.quinn)
    words = {
        "team": "东区一站",
        "agent": "A17 · 东区一站",
        "channel": "电话 · 全公司",
        "kind": "售后报修 · 西区一站",
        "whole": "全公司",
    }
    client.cookies["django_language"] = "zh-hans"
    shown = client.get("/admin/evaluations/evaluationrecord/").content.decode()

    with translation.override("zh-hans"):
        named = {row.subject_kind: subject_in_words(row) for row in EvaluationRecord.objects.all()}
    assert named == words
    assert set(words) == set(SubjectKind)
    assert [word for word in words.values() if word not in shown] == []
