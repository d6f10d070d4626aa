"""The pages around a file."""

import csv
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from feedback_site.accounts.models import Organisation, Team
from feedback_site.accounts.selectors import remember_organisation
from feedback_site.common.clock import database_now
from feedback_site.service_events.forms import EventImportForm
from feedback_site.service_events.models import EventImport, ServiceEvent
from feedback_site.service_events.services.importing import run_imports
from tests.factories.service_events.imports import HEADINGS, row

LIST = reverse("admin:service_events_eventimport_changelist")
NEW = reverse("admin:service_events_eventimport_add")


def page(name, event_import):
    return reverse(f"admin:service_events_eventimport_{name}", args=[event_import.pk])


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ada(staff) -> Client:
    return client_of(staff.ada)


def send(client, *lines, **fields):
    file = SimpleUploadedFile("events.csv", "\n".join([HEADINGS, *lines]).encode())
    return client.post(NEW, {"file": file, "time_zone": "Asia/Shanghai", **fields})


def work() -> EventImport:
    run_imports(clock=database_now)
    return EventImport.objects.latest("pk")


def test_a_file_goes_from_upload_by_check_to_events(ada):
    sent = send(ada, row(1), row(2), row(3, team="west-1"))
    event_import = EventImport.objects.get()
    waiting = ada.get(sent["Location"]).content.decode()
    work()
    checked = ada.get(page("change", event_import)).content.decode()
    ada.post(page("confirm", event_import))
    work()
    done = ada.get(page("change", event_import)).content.decode()

    assert (sent.status_code, sent["Location"]) == (302, page("change", event_import))
    assert "data-running" in waiting
    assert "Import 2 events" in checked
    assert "Unknown. Known are: east, east-1" in checked
    assert "data-running" not in done
    assert set(ServiceEvent.objects.values_list("external_id", flat=True)) == {"1", "2"}
    assert not LogEntry.objects.exists()  # facts of an import stand in the import and in the access log


def test_times_without_offset_and_a_source_come_from_the_form(ada):
    headings = "external_id,kind,channel,team,customer.external_id,opened_at"
    line = "7,after_sales_repair,phone,east-1,C-7,2026-01-05 09:00:00"
    file = SimpleUploadedFile("events.csv", f"{headings}\n{line}".encode())

    ada.post(NEW, {"file": file, "time_zone": "Asia/Shanghai", "source": "paper", "is_replayed": "on"})
    ada.post(page("confirm", work()))
    work()

    event = ServiceEvent.objects.get()
    assert (event.source, event.opened_at.isoformat(), event.is_replayed) == (
        "paper",
        "2026-01-05T01:00:00+00:00",
        True,
    )


@pytest.mark.parametrize(
    ("content", "fields", "sentence"),
    [
        (b"a,b\n1,2", {}, "The file has unknown columns: a, b."),
        (b"", {}, "The submitted file is empty."),
        (b"x" * 5_000_001, {}, "The file is larger than 5 MB."),
        (b"\x00\x00\x00\x00", {}, "This is not a text file."),
        (HEADINGS.encode() + b"\n1", {"time_zone": "Mars/Base"}, "Select a valid choice."),
        (
            HEADINGS.encode() + b"\n1",
            {"mapping_file": SimpleUploadedFile("m.json", b"[1]")},
            "This is not a JSON file",
        ),
        (
            HEADINGS.encode() + b"\n1",
            {"mapping_file": SimpleUploadedFile("m.json", b'{"columns": 1}')},
            "The mapping is wrong at columns",
        ),
    ],
    ids=["unknown", "empty", "large", "binary", "zone", "list", "columns"],
)
def test_what_is_wrong_is_said_at_the_form(ada, content, fields, sentence):
    response = ada.post(
        NEW, {"file": SimpleUploadedFile("events.csv", content), "time_zone": "Asia/Shanghai", **fields}
    )

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not EventImport.objects.exists()


def test_a_body_that_no_form_takes_is_refused_unread(ada):
    body = b"--x\r\n\r\n--x--"
    response = ada.post(NEW, body, content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="30000000")

    assert response.status_code in {400, 413}


def test_the_list_of_rows_can_be_taken_away_without_formulae(ada):
    send(ada, row(1, team="=cmd()"), row(2).replace("after_sales_repair", "gardening"))
    event_import = work()

    response = ada.get(page("problems", event_import))

    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["line number", "reason", "on record → in the file"]
    assert [line for line, _reason, _changes in rows[1:]] == ["2", "3"]
    assert "=cmd()" not in response.content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_sample_can_be_imported_as_it_is(ada, kind, language):
    ada.cookies["django_language"] = language
    sample = ada.get(reverse("admin:service_events_eventimport_sample", args=[kind])).content

    ada.post(NEW, {"file": SimpleUploadedFile(f"sample.{kind}", sample), "time_zone": "Asia/Shanghai"})
    event_import = work()

    assert (event_import.status, event_import.imported, event_import.listed) == ("checked", 2, 0)


def test_the_columns_are_explained_with_the_words_that_the_reader_may_write(ada):
    text = ada.get(reverse("admin:service_events_eventimport_help")).content.decode()

    assert "customer.external_id" in text
    assert "工单编号" in text
    assert "east-1" in text
    assert "west-1" not in text


def test_a_running_import_can_be_stopped(ada):
    send(ada, row(1))
    event_import = EventImport.objects.get()

    ada.post(page("cancel", event_import))

    event_import.refresh_from_db()
    assert event_import.status == "cancelled"
    assert "Cancelled" in ada.get(page("change", event_import)).content.decode()


def test_another_region_and_other_roles_find_nothing_of_it(ada, staff):
    send(ada, row(1))
    event_import = EventImport.objects.get()

    for who in (staff.ellen, staff.wei, staff.max, staff.vera):
        client = client_of(who)
        assert client.get(NEW).status_code == 403
        for name in ("confirm", "cancel"):
            assert client.post(page(name, event_import)).status_code in {403, 404}
        for name in ("change", "problems"):
            assert client.get(page(name, event_import)).status_code in {403, 404}
    event_import.refresh_from_db()
    assert event_import.status == "queued"
    assert client_of(staff.quinn).get(page("change", event_import)).status_code == 200


def test_a_link_changes_nothing(ada):
    send(ada, row(1))
    event_import = work()

    assert ada.get(page("confirm", event_import)).status_code == 405
    assert ada.get(page("cancel", event_import)).status_code == 405


def test_the_history_is_empty_at_first(ada):
    assert "Import a file" in ada.get(LIST).content.decode()


def test_times_of_a_file_are_read_in_the_companys_zone_where_the_reader_has_no_team(staff, organisation):
    Team.objects.filter(pk=organisation.east.pk).update(time_zone="Europe/Paris")
    staff.ada.refresh_from_db()
    remember_organisation(Organisation(time_zone="Europe/Berlin"))

    offered = {who: EventImportForm(user=who).fields["time_zone"] for who in (staff.quinn, staff.ada)}

    assert [field.initial for field in offered.values()] == ["Europe/Berlin", "Europe/Paris"]
    assert ("Europe/Berlin", "Europe/Berlin") in offered[staff.ada].choices
