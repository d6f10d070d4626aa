"""Exports of a list: its rows, its filters, its reader's scope, on record; nothing is calculated."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from feedback_site.accounts.admin import exporting
from feedback_site.accounts.enums import AccountAccess
from feedback_site.accounts.models import AccessLogEntry, Team
from feedback_site.common.ids import uuid7
from feedback_site.customers.models import Customer
from feedback_site.questionnaires.models import Questionnaire, QuestionnaireVersion
from feedback_site.service_events.models import Agent, ServiceEvent
from surveys.models import Response
from tests.factories.cases import ask, write_case
from tests.factories.questionnaires.documents import document_of

EAST, WEST = "Kanarienvogel", "Westwind"
CSV, XLSX = "0", "1"
LISTS = ["surveys_response", "surveys_invitation", "service_events_serviceevent", "visits_returnvisit"]
FORMULAE = ['=HYPERLINK("http://evil.example","x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.fixture
def cases(organisation):
    asked = ask(organisation)
    east, west = organisation.east_1, organisation.west_1
    return [
        write_case(organisation=organisation, asked=asked, team=team, canary=word)
        for team, word in ((east, EAST), (west, WEST))
    ]


def address(listing: str, query: str = "") -> str:
    return reverse(f"admin:{listing}_export") + query


def rows_of(answer, file_format=CSV):
    if file_format == CSV:
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    heads, *rows = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


@pytest.mark.parametrize("listing", LISTS)
@pytest.mark.parametrize("file_format", [CSV, XLSX])
def test_a_list_is_exported_within_scope(listing, file_format, cases, staff, client):
    client.force_login(staff.ellen)

    answer = client.post(address(listing), {"format": file_format, "resource": "0"})

    text = repr(rows_of(answer, file_format))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert EAST in text
    assert WEST not in text


@pytest.mark.parametrize("listing", LISTS)
def test_the_page_asks_for_the_format_and_says_what_is_masked(listing, cases, staff, client):
    client.force_login(staff.ellen)

    page = client.get(address(listing)).content.decode()

    assert "What the file holds" in page
    assert "phone (masked)" in page
    assert "Download" in page


@pytest.mark.parametrize(
    ("who", "listing", "status"),
    [
        ("max", "surveys_response", 403),
        ("vera", "visits_returnvisit", 403),
        ("quinn", "surveys_response", 200),
    ],
)
def test_only_those_who_may_export_do(who, listing, status, cases, staff, client):
    client.force_login(getattr(staff, who))

    assert client.get(address(listing)).status_code == status
    assert client.post(address(listing), {"format": CSV, "resource": "0"}).status_code == status


def test_filters_and_search_of_the_list_are_those_of_the_file(cases, staff, client):
    client.force_login(staff.quinn)

    searched = client.post(
        address("service_events_serviceevent", f"?q={EAST}"), {"format": CSV, "resource": "0"}
    )
    filtered = client.post(
        address("service_events_serviceevent", "?status__exact=completed"), {"format": CSV, "resource": "0"}
    )

    assert [row["ticket number"] for row in rows_of(searched)] == [f"{EAST}-event"]
    assert len(rows_of(filtered)) == 2


def test_an_export_is_on_record_without_what_was_searched_for(cases, staff, client, organisation):
    before = AccessLogEntry.objects.count()
    client.force_login(staff.ellen)

    client.post(address("surveys_response", f"?q={EAST}&satisfaction=2"), {"format": XLSX, "resource": "0"})

    entry = AccessLogEntry.objects.latest("pk")
    assert AccessLogEntry.objects.count() == before + 1
    assert (entry.action, entry.subject_kind, entry.team_id) == (
        AccountAccess.EXPORTED,
        "responses",
        organisation.east_1.pk,
    )
    assert entry.details == {
        "rows": 1,
        "format": "xlsx",
        "filters": {"satisfaction": ["2"]},
        "is_searched": True,
    }


def test_an_export_of_nothing_says_so_and_makes_no_file(cases, staff, client):
    client.force_login(staff.ellen)

    answer = client.post(
        address("surveys_response", "?satisfaction=5"), {"format": CSV, "resource": "0"}, follow=True
    )

    assert "There is nothing to export" in answer.content.decode()
    assert "Content-Disposition" not in answer.headers


def test_a_list_too_long_for_one_request_leads_to_the_background_with_its_filters(
    cases, staff, client, organisation, monkeypatch
):
    monkeypatch.setattr(exporting, "MOST_ROWS", 1)
    client.force_login(staff.quinn)
    query = f"?invitation__credited_team__id__exact={organisation.east_1.pk}"

    page = client.post(address("surveys_response"), {"format": CSV, "resource": "0"})
    few = client.post(address("surveys_response", query), {"format": CSV, "resource": "0"})

    assert "Export in the background" in page.content.decode()
    assert "Content-Disposition" not in page.headers
    assert len(rows_of(few)) == 1


def test_the_way_to_the_background_carries_the_filters_that_it_knows(
    cases, staff, client, organisation, monkeypatch
):
    monkeypatch.setattr(exporting, "MOST_ROWS", 0)
    client.force_login(staff.quinn)

    page = client.get(
        address(
            "surveys_response",
            f"?invitation__credited_team__id__exact={organisation.east_1.pk}&satisfaction=2",
        )
    )

    link = f"{reverse('admin:dashboards_export_add')}?rows=responses&amp;team={organisation.east_1.pk}"
    assert f'href="{link}"' in page.content.decode()


def test_a_wrong_filter_leads_back_to_the_list_which_names_it(cases, staff, client):
    client.force_login(staff.quinn)

    answer = client.get(address("service_events_serviceevent", "?kind__id__exact=abc"))

    assert (
        answer.status_code,
        answer.headers["Location"].endswith("/serviceevent/?kind__id__exact=abc"),
    ) == (302, True)


@pytest.mark.parametrize("file_format", [CSV, XLSX])
@pytest.mark.parametrize("formula", FORMULAE)
def test_no_text_of_an_event_is_calculated(file_format, formula, cases, staff, client, organisation):
    event = ServiceEvent.objects.get(external_id=f"{EAST}-event")
    ServiceEvent.objects.filter(pk=event.pk).update(
        source=formula, external_id=formula, product_line=formula, handovers=3
    )
    Customer.objects.filter(pk=event.customer_id).update(
        source=formula, external_id=formula, name_mask=formula, phone_mask="138****5678", email_mask=formula
    )
    Agent.objects.filter(pk=event.agent_id).update(code=formula)
    client.force_login(staff.ellen)

    (row,) = rows_of(
        client.post(address("service_events_serviceevent"), {"format": file_format, "resource": "0"}),
        file_format,
    )

    texts = [
        "source",
        "ticket number",
        "product line",
        "customer's system",
        "customer number",
        "customer (masked)",
    ]
    written = "'" + (formula if file_format == CSV else formula.replace("\r", "\n"))
    assert {row[name] for name in [*texts, "email (masked)", "agent"]} == {written}
    assert row["phone (masked)"] == "138****5678"
    assert row["hand-overs"] == ("3" if file_format == CSV else 3)


@pytest.mark.parametrize("file_format", [CSV, XLSX])
def test_answers_are_not_calculated_and_their_days_are_dates(file_format, staff, client, organisation):
    write_case(organisation=organisation, asked=ask(organisation), team=organisation.east_1, canary="=1+1")
    client.force_login(staff.ellen)

    rows = rows_of(
        client.post(address("surveys_response", "?satisfaction=2"), {"format": file_format, "resource": "0"}),
        file_format,
    )

    row = next(row for row in rows if row["ticket number"] == "'=1+1-event")
    day = row["counted on"]
    assert row["comment: Anything else?"] == "'=1+1"
    assert (day if file_format == CSV else day.date()) == (
        "2026-11-20" if file_format == CSV else date(2026, 11, 20)
    )


@pytest.mark.parametrize("listing", LISTS)
def test_three_cases_take_as_many_queries_as_one(listing, organisation, staff, client):
    asked = ask(organisation)
    client.force_login(staff.ada)
    client.get(address(listing))
    write_case(organisation=organisation, asked=asked, team=organisation.east, canary="one")
    with CaptureQueriesContext(connection) as one:
        client.post(address(listing), {"format": CSV, "resource": "0"})
    write_case(organisation=organisation, asked=asked, team=organisation.east_1, canary="two")
    east_2 = Team.objects.create(
        code="east-2", names={"en": "East-2", "zh-hans": "东区二站"}, parent=organisation.east
    )
    write_case(organisation=organisation, asked=asked, team=east_2, canary="three")

    with CaptureQueriesContext(connection) as three:
        answer = client.post(address(listing), {"format": CSV, "resource": "0"})

    assert len(rows_of(answer)) >= 3
    assert len(three) == len(one)


def test_mixed_questionnaires_give_their_answers_as_json(cases, staff, client, noon):
    other = Questionnaire.objects.create(slug="other", names={"en": "Other", "zh-hans": "另一份"})
    version = QuestionnaireVersion.objects.create(
        questionnaire=other, number=1, document=document_of([]), published_at=noon
    )
    invitation = cases[0].of(Response).invitation
    invitation.pk, invitation.version, invitation.service_event, invitation.token_hash = (
        uuid7(),
        version,
        None,
        b"n" * 32,
    )
    invitation.save(force_insert=True)
    Response.objects.create(
        invitation=invitation, answers={"other": 1}, answers_hash=b"y" * 32, language="en", submitted_at=noon
    )
    client.force_login(staff.ellen)

    rows = rows_of(client.post(address("surveys_response"), {"format": CSV, "resource": "0"}))

    assert {'{"comment": "Kanarienvogel", "satisfaction": 2}', '{"other": 1}'} <= {
        row["answers"] for row in rows
    }
