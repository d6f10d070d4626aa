"""Columns are guessed in both languages, confirmed by a person, and remembered."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from feedback_site.common.clock import database_now
from feedback_site.service_events.admin.column_forms import guessed_columns
from feedback_site.service_events.models import EventImport, ServiceEvent
from feedback_site.service_events.services.importing import run_imports
from feedback_site.service_events.services.importing.keeping import keep_file

LINES = [
    "服务单号,客户号,联系电话,报修时间,完工时间,机型,流水",
    "7,C-7,13812345678,2026/1/5 9:00,2026/1/5 10:00,KX-9,88",
]
ALL = {"all_source": "crm", "all_kind": "after_sales_repair", "all_channel": "phone", "all_team": "east-1"}


@pytest.fixture
def ada(staff) -> Client:
    client = Client()
    client.force_login(staff.ada)
    return client


def upload(client, lines, **fields):
    file = SimpleUploadedFile("export.csv", "\n".join(lines).encode())
    client.post(
        reverse("admin:service_events_eventimport_add"),
        {"file": file, "time_zone": "Asia/Shanghai", **fields},
    )
    return EventImport.objects.latest("pk")


def page(name, event_import):
    return reverse(f"admin:service_events_eventimport_{name}", args=[event_import.pk])


def columns_of(client, event_import, **changes):
    form = client.get(page("columns", event_import)).context["form"]
    said = {name: form[name].initial or "" for name in form.fields}
    return client.post(page("columns", event_import), {**said, **ALL, **changes})


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (
            ["Ticket No.", "Customer ID", "Mobile", "Created", "Closed"],
            ["external_id", "customer.external_id", "customer.phone"],
        ),
        (
            ["服务单号*", "客户号", "联系电话（必填）", "报修时间", "完工时间"],
            ["external_id", "customer.external_id", "customer.phone"],
        ),
    ],
)
def test_headings_are_guessed_in_both_languages(headings, fields):
    assert list(guessed_columns(headings)) == [*fields, "opened_at", "completed_at"]


def test_columns_are_confirmed_once_and_remembered_for_the_source(ada):
    held = upload(ada, LINES)
    asked = ada.get(page("change", held))
    refused = ada.post(page("confirm", held))
    columns_of(ada, held, column_5="attributes")
    run_imports(clock=database_now)
    ada.post(page("confirm", held))
    run_imports(clock=database_now)
    again = upload(ada, [LINES[0], LINES[1].replace("7,C-7", "8,C-8")], source="crm")

    event = ServiceEvent.objects.get()
    held.refresh_from_db()
    assert (asked.status_code, asked["Location"], refused.status_code) == (302, page("columns", held), 302)
    assert (event.external_id, event.source, event.attributes, held.status) == (
        "7",
        "crm",
        {"机型": "KX-9"},
        "done",
    )
    assert held.notes == ["Columns that the mapping leaves out: 流水."]
    assert (again.status, again.mapping["columns"]["external_id"]) == ("queued", "服务单号")
    assert upload(ada, LINES, source="other").status == "checked"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"column_1": "external_id"}, "Two columns are chosen for"),
        ({"all_kind": ""}, "Choose a column, or one value for all rows, for: Service type."),
        ({"all_team": "west-1"}, "valid choice"),
    ],
)
def test_what_does_not_fit_is_said_at_the_columns(ada, changes, sentence):
    held = upload(ada, LINES)

    response = columns_of(ada, held, **changes)

    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_another_region_finds_nothing_of_it(ada, staff):
    held = upload(ada, LINES)
    client = Client()

    for who, status in ((staff.ellen, 403), (staff.wei, 403), (staff.max, 403)):
        client.force_login(who)
        assert client.get(page("columns", held)).status_code == status


@pytest.mark.parametrize("kept", [b"", b"PK\x03\x04 no workbook", b"\x00\x01"])
def test_a_file_that_cannot_be_read_again_is_said_and_leads_back_to_the_list(ada, kept):
    """To its own page it must not lead: that one asks for columns, here."""
    held = upload(ada, LINES)
    held.parts.all().delete()
    keep_file(held, BytesIO(kept))

    answer = ada.get(page("columns", held), follow=True)

    assert answer.redirect_chain == [(reverse("admin:service_events_eventimport_changelist"), 302)]
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
