"""The page of exports: mine only, how far they are, a new one, the file."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback_site.accounts.models import AccessLogEntry
from feedback_site.common.clock import database_now
from feedback_site.dashboards.enums import ExportAccess, ExportStatus
from feedback_site.dashboards.models import Export
from tests.factories.dashboards.export_files import write_export

LIST = reverse("admin:dashboards_export_changelist")
NEW = reverse("admin:dashboards_export_add")


def page_of(export, name="change"):
    return reverse(f"admin:dashboards_export_{name}", args=[export.pk])


def test_the_list_holds_my_exports_and_no_colleagues(cases, staff, client):
    mine = write_export(by=staff.ellen, text="x", at=database_now())
    write_export(by=staff.wei, text="x", at=database_now())
    client.force_login(staff.ellen)

    page = client.get(LIST)

    assert [export.pk for export in page.context["cl"].queryset] == [mine.pk]
    assert page_of(mine, "download") in page.content.decode()


def test_the_list_shows_how_far_an_export_is(cases, staff, client, ask_for):
    export = ask_for(staff.ellen, filters={"team": "east-1"})
    Export.objects.filter(pk=export.pk).update(status=ExportStatus.RUNNING, rows_total=4000, rows_done=1500)
    client.force_login(staff.ellen)

    listing, page = client.get(LIST).content.decode(), client.get(page_of(export)).content.decode()

    for shown in (listing, page):
        assert '<progress data-running max="4000" value="1500"' in shown
        assert "1,500 / 4,000" in shown
    assert "team: east-1" in listing
    assert page_of(export, "cancel") in page


def test_why_an_export_failed_stands_in_the_list(cases, staff, client, ask_for, noon):
    export = ask_for(staff.ellen)
    Export.objects.filter(pk=export.pk).update(
        status=ExportStatus.FAILED, error="A sentence.", finished_at=noon
    )
    client.force_login(staff.ellen)

    assert "A sentence." in client.get(LIST).content.decode()


def test_a_new_export_says_how_many_rows_it_will_hold_and_starts(cases, staff, client):
    client.force_login(staff.ellen)

    first = client.get(f"{NEW}?rows=service_events").content.decode()
    counted = client.post(
        f"{NEW}?rows=service_events", {"format": "xlsx", "status": "open", "_count": "1"}
    ).content.decode()
    started = client.post(
        f"{NEW}?rows=service_events", {"format": "xlsx", "status": "completed", "_start": "1"}, follow=True
    )

    export = Export.objects.get()
    assert "<strong>1</strong> row" in first
    assert "No row matches these filters" in counted
    assert "phone (masked)" in first
    assert (export.kind, export.format, export.filters, export.language) == (
        "service_events",
        "xlsx",
        {"status": "completed"},
        "en",
    )
    assert "has been asked for" in started.content.decode()


def test_an_export_of_nothing_is_not_started(cases, staff, client):
    client.force_login(staff.ellen)

    page = client.post(f"{NEW}?rows=responses", {"format": "csv", "to": "2020-01-01", "_start": "1"})

    assert "There is nothing to export" in page.content.decode()
    assert not Export.objects.exists()


def test_filters_come_along_from_a_list_and_leave_as_codes(cases, staff, client, organisation):
    client.force_login(staff.quinn)
    query = f"?rows=service_events&kind={organisation.repair.pk}&team={organisation.east.pk}"

    page = client.get(NEW + query)
    form = page.context["form"]

    assert form.filters() == {"kind": "after_sales_repair", "team": "east"}
    assert page.context["rows"] == 1


def test_choices_are_those_within_scope(cases, staff, client, organisation):
    client.force_login(staff.ellen)

    page = client.post(
        f"{NEW}?rows=responses", {"format": "csv", "team": organisation.west_1.pk, "_start": "1"}
    )

    assert organisation.west_1.name not in page.content.decode()
    assert list(page.context["form"].errors) == ["team"]
    assert not Export.objects.exists()


@pytest.mark.parametrize("who", ["max", "vera"])
def test_staff_who_may_not_export_get_no_form(who, cases, staff, client):
    client.force_login(getattr(staff, who))

    assert (client.get(NEW).status_code, client.get(LIST).status_code) == (403, 403)


def test_a_download_is_an_attachment_and_on_record(cases, staff, client):
    export = write_export(by=staff.ellen, text="a,b", at=database_now())
    client.force_login(staff.ellen)

    answer = client.get(page_of(export, "download"))

    assert b"".join(answer.streaming_content) == b"a,b"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="responses-')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (
        AccessLogEntry.objects.filter(
            action=ExportAccess.EXPORT_DOWNLOADED, subject_id=str(export.pk)
        ).count()
        == 1
    )


def test_a_stranger_gets_a_404_for_file_page_and_cancelling(cases, staff, client, ask_for):
    ready, waiting = write_export(by=staff.ellen, text="x", at=database_now()), ask_for(staff.ellen)
    client.force_login(staff.quinn)

    assert client.get(page_of(ready, "download")).status_code == 404
    assert client.post(page_of(waiting, "cancel")).status_code == 404
    assert client.get(page_of(ready)).status_code == 302
    waiting.refresh_from_db()
    assert waiting.status == ExportStatus.QUEUED


def test_an_expired_file_says_so(cases, staff, client, noon):
    export = write_export(by=staff.ellen, text="x", at=noon)
    Export.objects.filter(pk=export.pk).update(expires_at=database_now())
    client.force_login(staff.ellen)

    page = client.get(page_of(export, "download"), follow=True).content.decode()

    assert "removed after seven days" in page


def test_exports_are_cancelled_by_a_click_or_in_the_list_and_never_by_a_link(cases, staff, client, ask_for):
    by_click, by_list, by_link = (ask_for(staff.ellen) for _ in range(3))
    client.force_login(staff.ellen)

    client.post(page_of(by_click, "cancel"))
    client.post(LIST, {"action": "cancel_selected", "_selected_action": [by_list.pk]})
    linked = client.get(page_of(by_link, "cancel"))

    status = {export.pk: export.status for export in Export.objects.all()}
    assert [status[export.pk] for export in (by_click, by_list, by_link)] == [
        "cancelled",
        "cancelled",
        "queued",
    ]
    assert linked.status_code == 405


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_three_exports_take_as_many_queries_as_one(language, cases, staff, client):
    client.force_login(staff.ellen)
    client.cookies["django_language"] = language
    write_export(by=staff.ellen, text="x", at=database_now())
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(2):
        write_export(by=staff.ellen, text="x", at=database_now())

    with CaptureQueriesContext(connection) as three:
        page = client.get(LIST)

    assert page.content.decode().count("/download/") == 3
    assert len(three) == len(one)
